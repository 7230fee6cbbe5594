package org.cxrlocalizer.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A small plot in the coordinates of the report's SVG: 320 × 220, axes at x = 36 and y = 190.
 *
 * @param line points of a polyline; null for bars
 */
record Plot(String caption, List<Bar> bars, List<String> line, List<Tick> ticks) {

    private static final double LEFT = 36;
    private static final double BOTTOM = 190;
    private static final double WIDTH = 270;
    private static final double HEIGHT = 175;

    record Bar(String x, String y, String width, String height) {}

    record Tick(String x, String y, String anchor, String text) {}

    /** A curve; x and y in [0, 1], the labels at the ends of the x axis. */
    static Plot curve(String caption, List<double[]> points, String first, String last) {
        StringBuilder line = new StringBuilder();
        points.forEach(point -> line.append(number(LEFT + WIDTH * point[0]))
                .append(',')
                .append(number(BOTTOM - HEIGHT * point[1]))
                .append(' '));
        return new Plot(caption, List.of(), List.of(line.toString().strip()), ticks(first, last, "1"));
    }

    /** How many values in [0, 1] fall into each of ten bins. */
    static Plot histogram(String caption, double[] values) {
        int[] counts = new int[10];
        for (double value : values) {
            counts[(int) Math.min(9, value * 10)]++;
        }
        int most = 1;
        for (int count : counts) {
            most = Math.max(most, count);
        }
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            double height = HEIGHT * counts[i] / most;
            bars.add(new Bar(
                    number(LEFT + WIDTH * i / 10 + 1),
                    number(BOTTOM - height),
                    number(WIDTH / 10 - 2),
                    number(height)));
        }
        return new Plot(caption, bars, List.of(), ticks("0", "1", String.valueOf(most)));
    }

    private static List<Tick> ticks(String first, String last, String top) {
        return List.of(
                new Tick(number(LEFT), "206", "start", first),
                new Tick(number(LEFT + WIDTH), "206", "end", last),
                new Tick("30", number(BOTTOM), "end", "0"),
                new Tick("30", number(BOTTOM - HEIGHT + 4), "end", top));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
