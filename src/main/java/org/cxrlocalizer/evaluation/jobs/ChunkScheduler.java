// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.Stream;
import org.cxrlocalizer.evaluation.PredictionKey;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.BackgroundJobServerStatus;
import org.jobrunr.storage.JobNotFoundException;
import org.jobrunr.storage.StorageProvider;
import org.springframework.stereotype.Component;

/**
 * Enqueues the next work of an evaluation. Each piece has a number of its own in the jobs library, which takes a number
 * once: after an interruption between the library and our tables, the same call repeated does no harm.
 */
@Component
@NotOnCommandLine
class ChunkScheduler {

    private static final int LEAST_ENQUEUED = 8;

    /** With the default of JobRunr, nodes fetch work when one of their threads is free; there has to be some. */
    private static final int ENQUEUED_PER_THREAD = 2;

    private static final int LAST_ATTEMPT = 3;

    private static final String PLAN = "plan";
    private static final String SCORE = "score";

    private final ChunkStore chunks;
    private final JobRequestScheduler scheduler;
    private final StorageProvider jobs;

    ChunkScheduler(ChunkStore chunks, JobRequestScheduler scheduler, StorageProvider jobs) {
        this.chunks = chunks;
        this.scheduler = scheduler;
        this.jobs = jobs;
    }

    /**
     * Enqueues what comes next. Only as many chunks as keep all nodes busy are enqueued: a PACS study that comes now does not
     * wait for the whole of an evaluation.
     */
    void goOn(UUID id) {
        ChunkStore.Plan plan = chunks.plan(id).orElse(null);
        if (plan == null) {
            return;
        }
        if (plan.key() == null) {
            enqueue(id, plan, PLAN, new RunEvaluation(id));
        } else if (chunks.areDone(id)) {
            enqueue(id, plan, SCORE, new RunEvaluation(id));
        } else {
            for (int number : chunks.toEnqueue(id, Math.max(LEAST_ENQUEUED, ENQUEUED_PER_THREAD * threads()))) {
                enqueue(id, plan, chunk(number), new LocalizeChunk(id, plan.attempt(), number));
                chunks.enqueued(id, number);
            }
        }
    }

    /**
     * Whether the jobs library tries a piece no more, though its evaluation is open: the node, or the database, was away when
     * the last try failed.
     */
    boolean isGivenUp(UUID id) {
        ChunkStore.Plan plan = chunks.plan(id).orElse(null);
        if (plan == null) {
            return false;
        }
        Stream<String> pieces = plan.key() == null
                ? Stream.of(PLAN)
                : chunks.areDone(id)
                        ? Stream.of(SCORE)
                        : chunks.underWay(id).stream().map(ChunkScheduler::chunk);
        return pieces.anyMatch(piece -> hasFailed(number(id, plan, piece)));
    }

    private boolean hasFailed(UUID number) {
        try {
            return jobs.getJobById(number).hasState(StateName.FAILED);
        } catch (JobNotFoundException e) {
            return false;
        }
    }

    private int threads() {
        return jobs.getBackgroundJobServers().stream()
                .mapToInt(BackgroundJobServerStatus::getWorkerPoolSize)
                .sum();
    }

    private void enqueue(UUID id, ChunkStore.Plan plan, String piece, JobRequest request) {
        scheduler.enqueue(number(id, plan, piece), request);
    }

    private static String chunk(int number) {
        return "chunk " + number;
    }

    private static UUID number(UUID id, ChunkStore.Plan plan, String piece) {
        return UUID.nameUUIDFromBytes(
                "%s %d %s".formatted(id, plan.attempt(), piece).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Whether this node's predictions belong with those of the others. Where only the model's file differs, because a service
     * that measures its variants at start took another one, the evaluation is retried from the start.
     *
     * @throws EvaluationRefusedException if the model is another one, or the nodes' variants go on differing
     */
    boolean isOfThisNode(EvaluationJob job, PredictionKey key) {
        ChunkStore.Plan plan = chunks.plan(job.id()).orElseThrow();
        if (plan.key() == null || plan.key().equals(key.json())) {
            return true;
        }
        if (!key.differsInVariantAlone(new PredictionKey(plan.key()))) {
            throw new EvaluationRefusedException("The model or the box list is not the one that it began with.");
        }
        if (plan.attempt() >= LAST_ATTEMPT) {
            throw new EvaluationRefusedException(
                    "The nodes run different variants of the model; inference.variant names one for all.");
        }
        chunks.retry(job.id(), plan.attempt());
        goOn(job.id());
        return false;
    }
}
