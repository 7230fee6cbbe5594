package org.cxrlocalizer.radiograph.dicom;

import java.util.Locale;

/** A window on values (PS3.3, section C.11.2.1.2), to brightness in [0, 1]. */
record ValueWindow(double center, double width, Function function) {

    /** Its shapes (PS3.3, section C.11.2.1.3). */
    enum Function {
        LINEAR,
        LINEAR_EXACT,
        SIGMOID
    }

    boolean isValid() {
        return function == Function.LINEAR ? width >= 1 : width > 0;
    }

    double brightness(double value) {
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

    String describe() {
        return function.name().toLowerCase(Locale.ROOT);
    }
}
