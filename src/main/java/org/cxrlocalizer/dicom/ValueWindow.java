// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A window on values (PS3.3, section C.11.2.1.2), to brightness in [0, 1]. */
public record ValueWindow(double center, double width, Function function) {

    /** Its shapes (PS3.3, section C.11.2.1.3). */
    public enum Function {
        LINEAR,
        LINEAR_EXACT,
        SIGMOID
    }

    /**
     * The first window of a data set that has a centre and a width above zero. An unknown shape is taken as linear. One whose
     * commas may be those of thousands is none.
     */
    public static Optional<ValueWindow> firstOf(DataSet dataSet) {
        return all(dataSet).stream().flatMap(Optional::stream).findFirst();
    }

    /** How many windows that cannot be used come before the first one of a data set that can; 0 if there is none. */
    public static int ignoredBefore(DataSet dataSet) {
        return Math.max(
                0, all(dataSet).stream().map(Optional::isPresent).toList().indexOf(true));
    }

    /** Whether commas of a data set's first window may be decimal points or those of thousands. */
    public static boolean isAmbiguous(DataSet dataSet) {
        return isAmbiguous(dataSet, 0);
    }

    private static boolean isAmbiguous(DataSet dataSet, int window) {
        return DecimalString.mayHaveThousands(Stream.of(Attribute.WINDOW_CENTER, Attribute.WINDOW_WIDTH)
                .flatMap(attribute ->
                        dataSet.strings(attribute).stream().skip(window).limit(1))
                .toList());
    }

    /** Each that has a centre and a width; empty if it cannot be used. */
    private static List<Optional<ValueWindow>> all(DataSet dataSet) {
        double[] centers = dataSet.decimals(Attribute.WINDOW_CENTER);
        double[] widths = dataSet.decimals(Attribute.WINDOW_WIDTH);
        Function function = function(dataSet).orElse(Function.LINEAR);
        return IntStream.range(0, Math.min(centers.length, widths.length))
                .mapToObj(i -> Optional.of(new ValueWindow(centers[i], widths[i], function))
                        .filter(window -> window.isValid() && !isAmbiguous(dataSet, i)))
                .toList();
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
