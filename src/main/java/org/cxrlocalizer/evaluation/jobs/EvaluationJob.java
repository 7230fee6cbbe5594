// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.time.Instant;
import java.util.UUID;
import org.cxrlocalizer.jobs.JobState;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation and how far it is.
 *
 * @param imagesTotal 0 until they are counted
 * @param failure the reason in words, of a failed one
 */
public record EvaluationJob(
        UUID id,
        EvaluationRequest request,
        JobState state,
        int imagesDone,
        int imagesTotal,
        @Nullable String failure,
        Instant created,
        @Nullable Instant started,
        @Nullable Instant finished) {}
