// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

/** What is wrong with boxes, as TIDE divides it (Bolya et al., ECCV 2020): the six main errors, then the two special ones. */
enum ErrorType {
    CLASSIFICATION(Figure.ERROR_CLASSIFICATION),
    LOCALIZATION(Figure.ERROR_LOCALIZATION),
    BOTH(Figure.ERROR_BOTH),
    DUPLICATE(Figure.ERROR_DUPLICATE),
    BACKGROUND(Figure.ERROR_BACKGROUND),
    MISSED(Figure.ERROR_MISSED),
    FALSE_POSITIVE(Figure.ERROR_FALSE_POSITIVE),
    FALSE_NEGATIVE(Figure.ERROR_FALSE_NEGATIVE);

    private final Figure figure;

    ErrorType(Figure figure) {
        this.figure = figure;
    }

    Figure figure() {
        return figure;
    }
}
