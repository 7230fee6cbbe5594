package org.cxrlocalizer.evaluation.jobs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.ProgramVersion;
import org.cxrlocalizer.evaluation.DatasetFiles;
import org.cxrlocalizer.evaluation.EarlierPredictions;
import org.cxrlocalizer.evaluation.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.EvaluationRun;
import org.cxrlocalizer.evaluation.Evaluator;
import org.cxrlocalizer.localization.ServedModel;
import org.cxrlocalizer.localization.ServedModels;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** What callers asked for, with this node's model and the configured files. */
@Component
@Profile("!command-line")
class RequestedEvaluations {

    private final EvaluationProperties properties;
    private final ServedModels models;
    private final RadiographReader reader;
    private final String version;

    RequestedEvaluations(
            EvaluationProperties properties, ServedModels models, RadiographReader reader, ProgramVersion version) {
        this.properties = properties;
        this.models = models;
        this.reader = reader;
        this.version = version.value();
    }

    /** An evaluation with a model that stays loaded as long as this is used. */
    record Loaded(EvaluationRun run, EvaluationRun.Scored model, EvaluationRun.Wanted wanted) {

        Evaluator evaluator() {
            return run.evaluator(model, wanted);
        }

        /** Writes the report, of predictions that were kept. */
        void score(Evaluator.Progress progress) throws IOException {
            run.score(model, wanted, null, EarlierPredictions.CONTINUED, progress);
        }
    }

    /** What is done with it. */
    @FunctionalInterface
    interface Use {
        void of(Loaded loaded) throws IOException;
    }

    /**
     * Refuses what the model cannot do.
     *
     * @throws org.cxrlocalizer.model.UnknownMethodException if the model lacks a method
     * @throws org.cxrlocalizer.localization.UncalibratedLabelException if the model lacks calibrated policies
     */
    void requireUsable(EvaluationRequest request) {
        models.use(model -> scored(model).systems(request.methods(), request.policies()));
    }

    /** Only for finding boxes: for that, labels are not needed, and they are large. */
    void withBoxes(EvaluationJob job, Use use) throws IOException {
        with(job, DatasetFiles.read(dataset(job).boxes(), null, null), use);
    }

    /** @throws org.cxrlocalizer.dataset.InvalidDatasetException if a file is not what it should be */
    void withAllFiles(EvaluationJob job, Use use) throws IOException {
        EvaluationProperties.Dataset dataset = dataset(job);
        with(job, DatasetFiles.read(dataset.boxes(), dataset.labels(), dataset.split()), use);
    }

    private void with(EvaluationJob job, DatasetFiles files, Use use) throws IOException {
        EvaluationRequest request = job.request();
        models.use(served -> {
            EvaluationRun.Scored model = scored(served);
            EvaluationRun.Wanted wanted = new EvaluationRun.Wanted(
                    imagesOf(job),
                    roots(job),
                    model.systems(request.methods(), request.policies()),
                    request.leaveOutCalibration(),
                    request.bootstrap(),
                    properties.threads());
            use.of(new Loaded(new EvaluationRun(version, files, directory(job)), model, wanted));
            return job;
        });
    }

    private EvaluationRun.Scored scored(ServedModel model) {
        return new EvaluationRun.Scored(model.classifier(), model.localizer(), reader);
    }

    void scoreUpload(EvaluationJob job) throws IOException {
        Path out = directory(job);
        new EvaluationRun(version, DatasetFiles.read(null, null, null), out)
                .score(out.resolve(EvaluationJobs.UPLOAD), null, job.request().bootstrap());
    }

    private List<Path> roots(EvaluationJob job) {
        return Stream.concat(Stream.of(imagesOf(job)), properties.roots().stream())
                .toList();
    }

    /** The directory of an evaluation's images. */
    Path imagesOf(EvaluationJob job) {
        return dataset(job).images();
    }

    Path directory(EvaluationJob job) {
        return properties.directory().resolve(job.id().toString());
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
