// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.util.Locale;
import java.util.Optional;

/** A window on values (PS3.3, section C.11.2.1.2), to brightness in [0, 1]. */
public record ValueWindow(double center, double width, Function function) {

    /** Its shapes (PS3.3, section C.11.2.1.3). */
    public enum Function {
        LINEAR,
        LINEAR_EXACT,
        SIGMOID
    }

    /** The first window of a data set, if it has a centre and a width above zero. An unknown shape is taken as linear. */
    public static Optional<ValueWindow> firstOf(DataSet dataSet) {
        double center = dataSet.decimal(Attribute.WINDOW_CENTER).orElse(Double.NaN);
        double width = dataSet.decimal(Attribute.WINDOW_WIDTH).orElse(Double.NaN);
        return Optional.of(new ValueWindow(center, width, function(dataSet).orElse(Function.LINEAR)))
                .filter(ValueWindow::isValid);
    }

    /** The shape that a data set states, linear if it states none; empty if it is unknown. */
    public static Optional<Function> function(DataSet dataSet) {
        String name =
                dataSet.string(Attribute.VOI_LUT_FUNCTION).orElse("LINEAR").toUpperCase(Locale.ROOT);
        for (Function function : Function.values()) {
            if (function.name().equals(name)) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }

    private boolean isValid() {
        boolean finite = Double.isFinite(center) && Double.isFinite(width);
        return finite && (function == Function.LINEAR ? width >= 1 : width > 0);
    }

    public double brightness(double value) {
        return switch (function) {
            // With a width of 1 it is a step, which the quotient's infinity or NaN at 0 / 0 must not spoil.
            case LINEAR ->
                width == 1 ? value > center - 0.5 ? 1 : 0 : clamp((value - (center - 0.5)) / (width - 1) + 0.5);
            case LINEAR_EXACT -> clamp((value - center) / width + 0.5);
            case SIGMOID -> 1 / (1 + Math.exp(-4 * (value - center) / width));
        };
    }

    private static double clamp(double brightness) {
        return Math.max(0, Math.min(1, brightness));
    }

    public String describe() {
        return function.name().toLowerCase(Locale.ROOT);
    }
}
