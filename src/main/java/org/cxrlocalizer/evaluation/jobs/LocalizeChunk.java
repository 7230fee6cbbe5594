package org.cxrlocalizer.evaluation.jobs;

import java.util.UUID;
import org.jobrunr.jobs.lambdas.JobRequest;

/**
 * What the jobs library keeps of a chunk of an evaluation's images.
 *
 * @param begun how often the evaluation had been begun anew when the chunk was cut
 */
public record LocalizeChunk(UUID evaluation, int begun, int number) implements JobRequest {

    @Override
    public Class<ChunkWorker> getJobRequestHandler() {
        return ChunkWorker.class;
    }
}
