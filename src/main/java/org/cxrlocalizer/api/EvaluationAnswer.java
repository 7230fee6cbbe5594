// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.cxrlocalizer.evaluation.EvaluationOptions;
import org.cxrlocalizer.evaluation.jobs.EvaluationJob;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.localization.BoxPolicy;
import org.jspecify.annotations.Nullable;

/** An evaluation and how far it is. */
@Schema(name = "Evaluation")
public record EvaluationAnswer(
        UUID id,

        @Schema(description = "The last three are final.") JobState state,

        @Schema(
                description = "The dataset's name; null where predicted boxes were uploaded.",
                types = {"string", "null"})
        @Nullable
        String dataset,

        @Schema(description = "Empty for the model's default.")
        List<String> methods,

        @Schema(description = "Empty for the model's default.")
        List<BoxPolicy> policies,

        boolean leaveOutCalibration,
        long seed,
        int draws,
        int imagesDone,

        @Schema(description = "0 until they are counted, and where predicted boxes were uploaded.")
        int imagesTotal,

        @Schema(
                description = "Why it failed, or has no report any more, in words.",
                types = {"string", "null"})
        @Nullable
        String failure,

        Instant created,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant started,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant finished,

        @Schema(description = "Paths of the report's forms; empty until it has succeeded, and once they were removed.")
        List<String> reports) {

    static final String GONE = "Its report was removed from the state directory.";

    /** @param hasReport whether its report is there */
    public static EvaluationAnswer of(EvaluationJob job, boolean hasReport) {
        EvaluationOptions options = job.request().options();
        return new EvaluationAnswer(
                job.id(),
                job.state(),
                job.request().dataset(),
                options.methods(),
                options.policies(),
                options.leaveOutCalibration(),
                options.bootstrap().seed(),
                options.bootstrap().draws(),
                job.imagesDone(),
                job.imagesTotal(),
                job.state() == JobState.SUCCEEDED && !hasReport ? GONE : job.failure(),
                job.created(),
                job.started(),
                job.finished(),
                hasReport ? List.of(path(job.id(), "json"), path(job.id(), "html"), path(job.id(), "csv")) : List.of());
    }

    private static String path(UUID id, String form) {
        return "/v1/evaluations/%s/report.%s".formatted(id, form);
    }
}
