// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;

/**
 * The operating points of one label.
 *
 * @param positives the number of images with the label that the cut-offs were chosen on
 * @param negatives the number of those without it
 */
public record LabelOperatingPoints(
        @Given @Positive(message = COUNTED) Integer positives,

        @Given @Positive(message = COUNTED) Integer negatives,

        @Given @Valid OperatingFigures sensitive,
        @Given @Valid OperatingFigures balanced,
        @Given @Valid OperatingFigures specific) {

    private static final String COUNTED = "must be the number of images, at least 1";

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
            @Given @Fraction Double probability,

            @Given @Fraction Double sensitivity,

            @Given @Fraction Double specificity,

            @Given @Valid CrossFittedFigures crossFitted) {}

    /** Sensitivity and specificity by folds of patients. */
    public record CrossFittedFigures(
            @Given @Fraction Double sensitivity,

            @Given @Fraction Double specificity) {}
}
