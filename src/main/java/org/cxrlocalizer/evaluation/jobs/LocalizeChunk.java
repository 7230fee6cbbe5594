// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.UUID;
import org.jobrunr.jobs.lambdas.JobRequest;

/**
 * What the jobs library keeps of a chunk of an evaluation's images.
 *
 * @param attempt of the evaluation; the library keeps it as {@code begun}, as jobs of an earlier version have it
 */
public record LocalizeChunk(
        UUID evaluation, @JsonProperty("begun") int attempt, int number) implements JobRequest {

    @Override
    public Class<ChunkWorker> getJobRequestHandler() {
        return ChunkWorker.class;
    }
}
