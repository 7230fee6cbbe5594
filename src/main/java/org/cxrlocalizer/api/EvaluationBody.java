// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.cxrlocalizer.evaluation.EvaluationOptions;
import org.cxrlocalizer.evaluation.jobs.EvaluationRequest;
import org.cxrlocalizer.localization.BoxPolicy;
import org.jspecify.annotations.Nullable;

/** The request of an evaluation. */
@Schema(name = "EvaluationRequest")
record EvaluationBody(
        @Schema(description = "Name of a dataset that the service's configuration has.") @NotNull
        String dataset,

        @Schema(
                description = "Name of a served model; the default one where none is given.",
                types = {"string", "null"},
                minLength = 1)
        @Nullable
        String model,

        @Schema(
                description = "Class activation methods; the model's default where none is given.",
                types = {"array", "null"})
        @Nullable
        @Size(max = 20)
        List<@NotNull String> methods,

        @Schema(
                description = "Box policies, each compared with each method; the model's default where none is given.",
                types = {"array", "null"})
        @Nullable
        @Size(max = 20)
        List<@NotNull BoxPolicy> policies,

        @Schema(
                description =
                        "Whether patients are left out that the model's calibrated policies were chosen on; without it"
                                + " such a policy is refused on them.",
                types = {"boolean", "null"})
        @Nullable
        Boolean leaveOutCalibration,

        @Schema(
                description = "Seed of the bootstrap and the random map; 20170705 by default.",
                types = {"integer", "null"})
        @Nullable
        Long seed,

        @Schema(
                description = "Draws of the bootstrap; 1000 by default.",
                types = {"integer", "null"})
        @Nullable
        @Min(1)
        @Max(100_000)
        Integer draws) {

    EvaluationRequest toRequest(BootstrapParameters query) {
        return new EvaluationRequest(
                dataset,
                model,
                new EvaluationOptions(
                        methods == null ? List.of() : methods,
                        policies == null ? List.of() : policies,
                        Boolean.TRUE.equals(leaveOutCalibration),
                        null,
                        new BootstrapParameters(
                                        seed == null ? query.seed() : seed, draws == null ? query.draws() : draws)
                                .toBootstrap()));
    }
}
