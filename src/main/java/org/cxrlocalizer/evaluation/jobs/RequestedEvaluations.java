package org.cxrlocalizer.evaluation.jobs;

import java.io.IOException;
import java.nio.file.Path;
import org.cxrlocalizer.dataset.InvalidDatasetException;
import org.cxrlocalizer.evaluation.DatasetFiles;
import org.cxrlocalizer.evaluation.EarlierPredictions;
import org.cxrlocalizer.evaluation.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.EvaluationRun;
import org.cxrlocalizer.evaluation.Evaluator;
import org.cxrlocalizer.localization.Localizer;
import org.cxrlocalizer.model.Classifier;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** What callers asked for, with this node's model and the configured files. */
@Component
@Profile("!command-line")
class RequestedEvaluations {

    private final EvaluationProperties properties;
    private final EvaluationRun.Scored model;
    private final String version;

    RequestedEvaluations(
            EvaluationProperties properties,
            Classifier classifier,
            Localizer localizer,
            RadiographReader reader,
            ObjectProvider<BuildProperties> build) {
        this.properties = properties;
        model = new EvaluationRun.Scored(classifier, localizer, reader);
        BuildProperties known = build.getIfAvailable();
        version = known == null ? "unknown" : String.valueOf(known.getVersion());
    }

    /** Only finds boxes, for which labels are not needed; they are large. */
    Evaluator evaluator(EvaluationJob job) throws IOException {
        DatasetFiles files = DatasetFiles.read(dataset(job).boxes(), null, null);
        return new EvaluationRun(version, files, directory(job)).evaluator(model, wanted(job));
    }

    /** Chooses the images too. */
    Evaluator wholeEvaluator(EvaluationJob job) throws IOException {
        return run(job).evaluator(model, wanted(job));
    }

    /**
     * Writes the report.
     *
     * @throws InvalidDatasetException if a file is not what it should be
     */
    void score(EvaluationJob job, Evaluator.Progress progress) throws IOException {
        run(job).score(model, wanted(job), null, EarlierPredictions.CONTINUED, progress);
    }

    void scoreUpload(EvaluationJob job) throws IOException {
        Path out = directory(job);
        new EvaluationRun(version, DatasetFiles.read(null, null, null), out)
                .score(out.resolve(EvaluationJobs.UPLOAD), null, job.request().bootstrap());
    }

    /** The directory of an evaluation's images. */
    Path imagesOf(EvaluationJob job) {
        return dataset(job).images();
    }

    Path directory(EvaluationJob job) {
        return properties.directory().resolve(job.id().toString());
    }

    private EvaluationRun run(EvaluationJob job) throws IOException {
        EvaluationProperties.Dataset dataset = dataset(job);
        return new EvaluationRun(
                version, DatasetFiles.read(dataset.boxes(), dataset.labels(), dataset.split()), directory(job));
    }

    private EvaluationRun.Wanted wanted(EvaluationJob job) {
        EvaluationRequest request = job.request();
        return new EvaluationRun.Wanted(
                imagesOf(job),
                model.systems(request.methods(), request.policies()),
                request.leaveOutCalibration(),
                request.bootstrap(),
                properties.threads());
    }

    private EvaluationProperties.Dataset dataset(EvaluationJob job) {
        String name = job.request().dataset();
        EvaluationProperties.Dataset dataset =
                name == null ? null : properties.datasets().get(name);
        if (dataset == null) {
            throw new EvaluationRefusedException("The dataset is not configured any more.");
        }
        return dataset;
    }
}
