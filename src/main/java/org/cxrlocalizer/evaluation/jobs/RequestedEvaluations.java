// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.dataset.InvalidDatasetException;
import org.cxrlocalizer.evaluation.BoxListEvaluation;
import org.cxrlocalizer.evaluation.DatasetFiles;
import org.cxrlocalizer.evaluation.EvaluatedModel;
import org.cxrlocalizer.evaluation.EvaluationPlan;
import org.cxrlocalizer.evaluation.ModelEvaluation;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.EvaluationTooLargeException;
import org.cxrlocalizer.evaluation.scoring.ScoringGuard;
import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.serving.ServedModel;
import org.cxrlocalizer.serving.ServedModels;
import org.cxrlocalizer.version.ProgramVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Requested evaluations, with this node's model and the configured files. */
@Component
@NotOnCommandLine
class RequestedEvaluations {

    private static final Logger LOG = LoggerFactory.getLogger(RequestedEvaluations.class);

    private final EvaluationProperties properties;
    private final ServedModels models;
    private final RadiographReader reader;
    private final ScoringMemory memory;
    private final String version;

    RequestedEvaluations(
            EvaluationProperties properties,
            ServedModels models,
            RadiographReader reader,
            ScoringMemory memory,
            ProgramVersion version) {
        properties.requireReadable();
        this.properties = properties;
        this.models = models;
        this.reader = reader;
        this.memory = memory;
        this.version = version.value();
    }

    /** A use of an evaluation whose model stays loaded meanwhile. */
    @FunctionalInterface
    interface Use {
        void of(ModelEvaluation evaluation) throws IOException;
    }

    /**
     * Refuses what the model cannot do, and what needs more memory for scoring than there is. What else is wrong with the
     * dataset's files is left to the evaluation, which fails with it.
     *
     * @throws org.cxrlocalizer.serving.UnservedModelException if there is no such model
     * @throws org.cxrlocalizer.model.UnknownMethodException if the model lacks a method
     * @throws org.cxrlocalizer.localization.UncalibratedLabelException if the model lacks calibrated policies
     * @throws EvaluationTooLargeException with the estimate
     */
    void requireUsable(EvaluationRequest request) {
        models.use(request.model(), model -> evaluated(model).systems(request.options()));
        try {
            with(request, properties.directory(), dataset(request).read(false, true), ModelEvaluation::requireMemory);
        } catch (EvaluationTooLargeException e) {
            throw e;
        } catch (IOException | EvaluationRefusedException | InvalidDatasetException e) {
            LOG.info("The memory for an evaluation of {} cannot be estimated yet: {}", request.dataset(), e.toString());
        }
    }

    /**
     * Refuses an upload that cannot be scored.
     *
     * @param mostCharacters that its list may have, unpacked
     * @throws InvalidDatasetException if no line can be used
     * @throws EvaluationTooLargeException if it needs more memory than there is, with the estimate
     */
    void requireUsable(EvaluationRequest upload, Path list, long mostCharacters) throws IOException {
        ofUpload(properties.directory())
                .requireUsable(list, mostCharacters, upload.options().bootstrap());
    }

    /** Only for finding boxes: for that, labels are not needed, and they are large. */
    void withBoxes(EvaluationJob job, Use use) throws IOException {
        with(job.request(), directory(job), dataset(job.request()).read(false, false), use);
    }

    /** @throws org.cxrlocalizer.dataset.InvalidDatasetException if a file is not what it should be */
    void withAllFiles(EvaluationJob job, Use use) throws IOException {
        with(job.request(), directory(job), dataset(job.request()).read(true, true), use);
    }

    private void with(EvaluationRequest request, Path out, DatasetFiles files, Use use) throws IOException {
        String name = request.model();
        if (name != null && !models.names().contains(name)) {
            throw new EvaluationRefusedException("The model is not served any more.");
        }
        models.use(name, served -> {
            EvaluatedModel model = evaluated(served);
            EvaluationPlan plan = EvaluationPlan.of(
                    model,
                    files,
                    dataset(request).images(),
                    roots(request),
                    out,
                    model.systems(request.options()),
                    request.options(),
                    properties.threads());
            use.of(new ModelEvaluation(version, files, model, plan, memory));
            return request;
        });
    }

    private EvaluatedModel evaluated(ServedModel model) {
        return new EvaluatedModel(model.classifier(), model.localizer(), reader);
    }

    void scoreUpload(EvaluationJob job, ScoringGuard guard) throws IOException {
        Path out = directory(job);
        ofUpload(out)
                .score(
                        out.resolve(EvaluationJobs.UPLOAD),
                        null,
                        job.request().options().bootstrap(),
                        guard);
    }

    private BoxListEvaluation ofUpload(Path out) throws IOException {
        return new BoxListEvaluation(version, DatasetFiles.read(null, null, null), out, memory);
    }

    private List<Path> roots(EvaluationRequest request) {
        return Stream.concat(Stream.of(dataset(request).images()), properties.roots().stream())
                .toList();
    }

    /** The directory of an evaluation's images. */
    Path imagesOf(EvaluationJob job) {
        return dataset(job.request()).images();
    }

    Path directory(EvaluationJob job) {
        return properties.directory(job.id());
    }

    private EvaluationProperties.Dataset dataset(EvaluationRequest request) {
        String name = request.dataset();
        EvaluationProperties.Dataset dataset =
                name == null ? null : properties.datasets().get(name);
        if (dataset == null) {
            throw new EvaluationRefusedException("The dataset is not configured any more.");
        }
        return dataset;
    }
}
