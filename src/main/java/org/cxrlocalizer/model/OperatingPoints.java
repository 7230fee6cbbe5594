// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The operating points of a model, as {@code models/tools/operating_points.py} writes them.
 *
 * @param chosenOn the images that the cut-offs were chosen on
 * @param labels the points by label; a label that no image had, or all had, has none
 */
public record OperatingPoints(
        @NotBlank(message = Given.MESSAGE) String chosenOn,

        @NotEmpty(message = "must not be empty") Map<String, @Valid LabelOperatingPoints> labels) {

    /** Keeps the labels in the order of the file. */
    public OperatingPoints {
        labels = labels == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** Returns the probabilities from which labels are positive at a point. */
    Map<String, Double> cutoffs(OperatingPoint point) {
        Map<String, Double> cutoffs = new LinkedHashMap<>();
        labels.forEach((label, points) -> cutoffs.put(label, points.at(point).probability()));
        return cutoffs;
    }
}
