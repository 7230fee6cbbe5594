// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A chart of lines as an SVG file that needs nothing else; axes from zero, or both logarithmic (base 2). */
final class LineChart {

    private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};
    private static final int LEFT = 60;
    private static final int TOP = 20;
    private static final int WIDTH = 560;
    private static final int HEIGHT = 260;

    private record Line(String name, List<double[]> points) {}

    private final String caption;
    private final boolean logarithmic;
    private final List<Line> lines = new ArrayList<>();

    LineChart(String caption, boolean logarithmic) {
        this.caption = caption;
        this.logarithmic = logarithmic;
    }

    LineChart line(String name, Stream<double[]> points) {
        lines.add(new Line(name, points.toList()));
        return this;
    }

    String svg() {
        double[] x = range(0);
        double[] y = range(1);
        StringBuilder svg = new StringBuilder();
        append(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                LEFT + WIDTH + 20,
                TOP + HEIGHT + 50 + 18 * lines.size());
        append(svg, "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        ticks(x).forEach(value -> append(
                svg,
                "<line x1=\"%1$.1f\" y1=\"%2$d\" x2=\"%1$.1f\" y2=\"%3$d\" stroke=\"#ddd\"/><text x=\"%1$.1f\" y=\"%4$d\" text-anchor=\"middle\">%5$s</text>",
                atX(value, x),
                TOP,
                TOP + HEIGHT,
                TOP + HEIGHT + 16,
                label(value)));
        ticks(y).forEach(value -> append(
                svg,
                "<line x1=\"%1$d\" y1=\"%2$.1f\" x2=\"%3$d\" y2=\"%2$.1f\" stroke=\"#ddd\"/><text x=\"%4$d\" y=\"%5$.1f\" text-anchor=\"end\">%6$s</text>",
                LEFT,
                atY(value, y),
                LEFT + WIDTH,
                LEFT - 6,
                atY(value, y) + 4,
                label(value)));
        append(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                LEFT + WIDTH / 2,
                TOP + HEIGHT + 34,
                caption);
        for (int i = 0; i < lines.size(); i++) {
            StringBuilder points = new StringBuilder();
            for (double[] point : lines.get(i).points) {
                append(points, "%.1f,%.1f ", atX(point[0], x), atY(point[1], y));
            }
            int top = TOP + HEIGHT + 52 + 18 * i;
            append(
                    svg,
                    "<polyline points=\"%1$s\" fill=\"none\" stroke=\"%2$s\" stroke-width=\"2\"/><rect x=\"%3$d\" y=\"%4$d\" width=\"20\" height=\"4\" fill=\"%2$s\"/><text x=\"%5$d\" y=\"%6$d\">%7$s</text>",
                    points.toString().strip(),
                    COLOURS[i % COLOURS.length],
                    LEFT,
                    top - 6,
                    LEFT + 28,
                    top,
                    lines.get(i).name);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void append(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }

    private double[] range(int axis) {
        double[] values = lines.stream()
                .flatMap(line -> line.points.stream())
                .mapToDouble(point -> scaled(point[axis]))
                .toArray();
        double low =
                logarithmic ? Math.floor(java.util.Arrays.stream(values).min().orElse(0)) : 0;
        double high = java.util.Arrays.stream(values).max().orElse(1);
        return new double[] {low, logarithmic ? Math.ceil(high) : high * 1.05};
    }

    private double scaled(double value) {
        return logarithmic ? Math.log(value) / Math.log(2) : value;
    }

    private double atX(double value, double[] range) {
        return LEFT + WIDTH * (scaled(value) - range[0]) / (range[1] - range[0]);
    }

    private double atY(double value, double[] range) {
        return TOP + HEIGHT - HEIGHT * (scaled(value) - range[0]) / (range[1] - range[0]);
    }

    private List<Double> ticks(double[] range) {
        List<Double> ticks = new ArrayList<>();
        if (logarithmic) {
            for (double power = range[0]; power <= range[1]; power++) {
                ticks.add(Math.pow(2, power));
            }
            return ticks;
        }
        double step = Math.pow(10, Math.floor(Math.log10(range[1])));
        while (range[1] / step < 4) {
            step /= 2;
        }
        for (double value = 0; value <= range[1]; value += step) {
            ticks.add(value);
        }
        return ticks;
    }

    private static String label(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }
}
