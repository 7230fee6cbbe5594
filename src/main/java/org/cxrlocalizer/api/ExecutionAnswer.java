// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.VariantOutcome;
import org.jspecify.annotations.Nullable;

@Schema(name = "Execution", description = "How the model is run on this machine.")
record ExecutionAnswer(
        List<String> devices,

        @Schema(description = "Threads that run forward passes.")
        int workers,

        @Schema(description = "Most images of one forward pass.")
        int maxBatch,

        @Schema(description = "Which file of the package runs: 'reference' for model.pt, or a variant's name.")
        String variant,

        @Schema(description = "The reference, then every variant of the package.")
        List<VariantAnswer> variants) {

    @Schema(name = "Variant", description = "The outcome for one file of the package at start.")
    record VariantAnswer(
            String name,

            @Schema(
                    description =
                            "Time of a forward pass of one image in units of the reference's; null if not measured.",
                    types = {"number", "null"})
            @Nullable
            Double relativeTime,

            @Schema(
                    description = "The same of the largest batch; null if not measured, or if that is one image.",
                    types = {"number", "null"})
            @Nullable
            Double relativeTimeOfBatch,

            boolean chosen,

            @Schema(
                    description = "Why it was not chosen; null if it was.",
                    types = {"string", "null"})
            @Nullable
            String reason) {

        static VariantAnswer of(VariantOutcome outcome) {
            return new VariantAnswer(
                    outcome.name(),
                    outcome.relativeTime(),
                    outcome.relativeTimeOfBatch(),
                    outcome.chosen(),
                    outcome.reason());
        }
    }

    static ExecutionAnswer of(Classifier.Execution execution) {
        return new ExecutionAnswer(
                execution.devices(),
                execution.workers(),
                execution.maxBatch(),
                execution.variant(),
                execution.variants().stream().map(VariantAnswer::of).toList());
    }
}
