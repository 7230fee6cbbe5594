package org.cxrlocalizer.evaluation.jobs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.cxrlocalizer.dataset.InvalidDatasetException;
import org.cxrlocalizer.evaluation.DatasetFiles;
import org.cxrlocalizer.evaluation.EarlierPredictions;
import org.cxrlocalizer.evaluation.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.EvaluationRun;
import org.cxrlocalizer.evaluation.jobs.EvaluationJob.State;
import org.cxrlocalizer.localization.Localizer;
import org.cxrlocalizer.model.Classifier;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.jobrunr.jobs.annotations.Job;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.server.runner.ThreadLocalJobContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Does an evaluation, or goes on with one that a stop of the service left behind. Public for the jobs library alone. */
@Component
@Profile("!command-line")
public class EvaluationWorker implements JobRequestHandler<RunEvaluation> {

    private static final int RETRIES = 3;
    private static final long PROGRESS_NANOS = 500_000_000;

    private final EvaluationStore store;
    private final EvaluationProperties properties;
    private final EvaluationRun.Scored model;
    private final String version;

    EvaluationWorker(
            EvaluationStore store,
            EvaluationProperties properties,
            Classifier classifier,
            Localizer localizer,
            RadiographReader reader,
            ObjectProvider<BuildProperties> build) {
        this.store = store;
        this.properties = properties;
        model = new EvaluationRun.Scored(classifier, localizer, reader);
        BuildProperties known = build.getIfAvailable();
        version = known == null ? "unknown" : String.valueOf(known.getVersion());
    }

    /** A refusal is final; any other failure is tried again, because a disk or a database may come back. */
    @Override
    @Job(name = "evaluation", retries = RETRIES)
    public void run(RunEvaluation request) throws IOException {
        UUID id = request.id();
        EvaluationJob job = store.find(id).orElse(null);
        if (job == null || !store.start(id)) {
            return;
        }
        try {
            score(job);
            if (!store.end(id, State.SUCCEEDED, null) && store.find(id).isEmpty()) {
                FileSystemUtils.deleteRecursively(properties.directory().resolve(id.toString()));
            }
        } catch (EvaluationRefusedException | InvalidDatasetException e) {
            store.end(id, State.FAILED, e.getMessage());
        } catch (NoSuchFileException e) {
            store.end(id, State.FAILED, "A file of the dataset is not there any more.");
        } catch (IOException | RuntimeException e) {
            if (store.find(id).map(EvaluationJob::state).orElse(State.CANCELLED).isFinal()) {
                return;
            }
            if (ThreadLocalJobContext.getJobContext().currentRetry() >= RETRIES) {
                store.end(id, State.FAILED, "It failed %d times; the service's log says why.".formatted(RETRIES + 1));
            }
            throw e;
        }
    }

    private void score(EvaluationJob job) throws IOException {
        Path out = properties.directory().resolve(job.id().toString());
        EvaluationRequest request = job.request();
        if (request.dataset() == null) {
            new EvaluationRun(version, DatasetFiles.read(null, null, null), out)
                    .score(out.resolve(EvaluationJobs.UPLOAD), null, request.bootstrap());
            return;
        }
        EvaluationProperties.Dataset dataset = properties.datasets().get(request.dataset());
        if (dataset == null) {
            throw new EvaluationRefusedException("The dataset is not configured any more.");
        }
        EvaluationRun run =
                new EvaluationRun(version, DatasetFiles.read(dataset.boxes(), dataset.labels(), dataset.split()), out);
        EvaluationRun.Wanted wanted = new EvaluationRun.Wanted(
                dataset.images(),
                model.systems(request.methods(), request.policies()),
                request.leaveOutCalibration(),
                request.bootstrap(),
                properties.threads());
        run.score(model, wanted, null, EarlierPredictions.CONTINUED_IF_OF_THIS_VARIANT, new Progress(job.id()));
    }

    /** Writes progress down, not for every image, and ends a run that was cancelled. */
    private final class Progress implements org.cxrlocalizer.evaluation.Evaluator.Progress {

        private final UUID id;
        private long written = System.nanoTime() - PROGRESS_NANOS;

        Progress(UUID id) {
            this.id = Objects.requireNonNull(id);
        }

        @Override
        public void at(int done, int total) {
            long now = System.nanoTime();
            if (done == total || now - written >= PROGRESS_NANOS) {
                written = now;
                if (!store.progress(id, done, total)) {
                    throw new CancellationException("the evaluation was cancelled");
                }
            }
        }
    }
}
