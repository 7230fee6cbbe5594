// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;

/**
 * The operating points of one label.
 *
 * @param positives the number of images with the label that the cut-offs were chosen on
 * @param negatives the number of those without it
 */
public record LabelOperatingPoints(
        @NotNull(message = GIVEN) @Positive(message = COUNTED)
        Integer positives,

        @NotNull(message = GIVEN) @Positive(message = COUNTED)
        Integer negatives,

        @NotNull(message = GIVEN) @Valid OperatingFigures sensitive,
        @NotNull(message = GIVEN) @Valid OperatingFigures balanced,
        @NotNull(message = GIVEN) @Valid OperatingFigures specific) {

    private static final String COUNTED = "must be the number of images, at least 1";
    private static final String GIVEN = "must be given";

    OperatingFigures at(OperatingPoint point) {
        return switch (point) {
            case SENSITIVE -> sensitive;
            case BALANCED -> balanced;
            case SPECIFIC -> specific;
        };
    }

    /**
     * A cut-off and its figures.
     *
     * @param probability the cut-off: a finding of this probability, or a higher one, is positive
     * @param sensitivity on the images that the cut-off was chosen on, as is the specificity
     * @param crossFitted the figures on images of patients that a cut-off was not chosen on
     */
    public record OperatingFigures(
            @NotNull(message = GIVEN) @Fraction Double probability,

            @NotNull(message = GIVEN) @Fraction Double sensitivity,

            @NotNull(message = GIVEN) @Fraction Double specificity,

            @NotNull(message = GIVEN) @Valid CrossFittedFigures crossFitted) {}

    /** Sensitivity and specificity by folds of patients. */
    public record CrossFittedFigures(
            @NotNull(message = GIVEN) @Fraction Double sensitivity,

            @NotNull(message = GIVEN) @Fraction Double specificity) {}
}
