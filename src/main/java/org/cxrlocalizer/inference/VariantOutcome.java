// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of trying one file of a model package at load.
 *
 * @param name {@code reference} for {@code model.pt}, or the variant's
 * @param relativeTime time of a forward pass of one image, where the reference takes 1; null if it was not measured
 * @param relativeTimeOfBatch the same of the largest batch; null if it was not measured, or is of one image
 * @param chosen whether it is the one that runs
 * @param reason why it was not chosen; null if it was
 */
public record VariantOutcome(
        String name,
        @Nullable Double relativeTime,
        @Nullable Double relativeTimeOfBatch,
        boolean chosen,
        @Nullable String reason) {

    static VariantOutcome chosen(String name, @Nullable SpeedRatio time) {
        return of(name, time, true, null);
    }

    static VariantOutcome passedOver(String name, @Nullable SpeedRatio time, @Nullable String reason) {
        return of(name, time, false, reason);
    }

    private static VariantOutcome of(String name, @Nullable SpeedRatio time, boolean chosen, @Nullable String reason) {
        return new VariantOutcome(
                name, time == null ? null : time.image(), time == null ? null : time.batch(), chosen, reason);
    }

    VariantOutcome withReason(String other) {
        return new VariantOutcome(name, relativeTime, relativeTimeOfBatch, chosen, other);
    }
}
