// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.springframework.web.util.HtmlUtils;

/** A chart as SVG: axes with titles, ticks and grid lines, curves with bands of intervals, bars, and a legend below. */
final class Chart {

    private static final double WIDTH = 420;
    private static final double LEFT = 52;
    private static final double TOP = 12;
    private static final double INNER_WIDTH = WIDTH - LEFT - 14;
    private static final double INNER_HEIGHT = 230;
    private static final double LEGEND_LINE = 16;

    /** What fits into a line of the legend in most fonts. */
    private static final int LEGEND_LETTERS = 52;

    /** How far a line may be from its points, in units of the picture, a fifth of a pixel. */
    private static final double VISIBLE = 0.2;

    /** Colours that stay apart with any colour vision (Paul Tol's bright scheme), and in grey by their dashes. */
    private static final List<String> COLOURS =
            List.of("#4477aa", "#ee6677", "#228833", "#aa3377", "#66ccee", "#ccbb44", "#888888");

    private static final List<String> DASHES = List.of("none", "7 3", "2 2", "9 3 2 3", "4 4", "6 2", "12 4");

    /**
     * An axis.
     *
     * @param title with its unit, where it has one
     * @param ticks places on it and their texts
     */
    record Axis(String title, double from, double to, List<Tick> ticks) {

        record Tick(double at, String text) {}

        /** An axis of shares, 0 to 1. */
        static Axis ofShares(String title) {
            return new Axis(
                    title,
                    0,
                    1,
                    DoubleStream.of(0, 0.2, 0.4, 0.6, 0.8, 1)
                            .mapToObj(at -> new Tick(at, number(at, 1)))
                            .toList());
        }

        /** An axis of counts, with steps of 1, 2 or 5 and zeros. */
        static Axis ofCounts(String title, int most) {
            int step = 1;
            for (int i = 0; step * 5 < most; i++) {
                step = i % 3 == 1 ? step / 2 * 5 : step * 2;
            }
            List<Tick> ticks = new ArrayList<>();
            for (int at = 0; at < most + step; at += step) {
                ticks.add(new Tick(at, String.valueOf(at)));
            }
            return new Axis(title, 0, ticks.get(ticks.size() - 1).at, ticks);
        }

        private double place(double value) {
            return (value - from) / (to - from);
        }
    }

    /**
     * A curve.
     *
     * @param name with n and the value that the curve stands for, where there is one
     * @param points x and y
     * @param band x, low and high; empty without intervals
     */
    record Curve(String name, List<double[]> points, List<double[]> band) {}

    private final String caption;
    private final Axis x;
    private final Axis y;
    private final StringBuilder inner = new StringBuilder();
    private final StringBuilder legend = new StringBuilder();
    private int curves;
    private int legendLines;

    Chart(String caption, Axis x, Axis y) {
        this.caption = caption;
        this.x = x;
        this.y = y;
    }

    String caption() {
        return caption;
    }

    /** Draws the line of what guessing reaches. */
    Chart withDiagonal() {
        inner.append(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"currentColor\" stroke-dasharray=\"3 3\" opacity=\".5\"/>"
                        .formatted(atX(x.from), atY(y.from), atX(x.to), atY(y.to)));
        return this;
    }

    /** Draws a line, with its intervals as a band. */
    Chart with(Curve curve) {
        if (!curve.band.isEmpty()) {
            StringBuilder outline = new StringBuilder();
            curve.band.forEach(point -> outline.append(point(point[0], point[2])));
            for (int i = curve.band.size() - 1; i >= 0; i--) {
                outline.append(point(curve.band.get(i)[0], curve.band.get(i)[1]));
            }
            inner.append("<polygon points=\"%s\" fill=\"%s\" opacity=\".2\"/>"
                    .formatted(outline.toString().strip(), colour()));
        }
        return withLine(curve);
    }

    /** Draws a line between points, with their intervals as bars. */
    Chart withPoints(Curve curve) {
        for (double[] interval : curve.band) {
            inner.append("<path d=\"M%s %sV%s\" stroke=\"%s\" stroke-width=\"1.2\"/>"
                    .formatted(atX(interval[0]), atY(interval[1]), atY(interval[2]), colour()));
        }
        for (double[] point : curve.points) {
            inner.append("<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>"
                    .formatted(atX(point[0]), atY(point[1]), colour()));
        }
        return withLine(curve);
    }

    private String colour() {
        return COLOURS.get(curves % COLOURS.size());
    }

    private Chart withLine(Curve curve) {
        String dash = DASHES.get(curves % DASHES.size());
        StringBuilder line = new StringBuilder();
        List<double[]> places = curve.points.stream()
                .map(point -> new double[] {placeX(point[0]), placeY(point[1])})
                .toList();
        SimplifiedLine.of(places, VISIBLE)
                .forEach(place -> line.append("%s,%s ".formatted(number(place[0]), number(place[1]))));
        inner.append(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" stroke-dasharray=\"%s\"/>"
                        .formatted(line.toString().strip(), colour(), dash));
        double height = TOP + INNER_HEIGHT + 48 + LEGEND_LINE * legendLines;
        legend.append(
                "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"1.8\" stroke-dasharray=\"%s\"/>"
                        .formatted(number(LEFT), number(height), number(LEFT + 28), number(height), colour(), dash));
        for (String part : wrapped(curve.name)) {
            text(legend, LEFT + 34, TOP + INNER_HEIGHT + 52 + LEGEND_LINE * legendLines, "start", part);
            legendLines++;
        }
        curves++;
        return this;
    }

    /** Returns the lines of a text that the legend has room for: a name may hold the whole policy of a system. */
    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (rest.length() > LEGEND_LETTERS) {
            int space = Math.max(rest.lastIndexOf(' ', LEGEND_LETTERS), rest.lastIndexOf(',', LEGEND_LETTERS - 1) + 1);
            int end = space > 0 ? space : LEGEND_LETTERS;
            lines.add(rest.substring(0, end).strip());
            rest = rest.substring(end).strip();
        }
        lines.add(rest);
        return lines;
    }

    /** Draws bars between equal steps of the x axis. */
    Chart withBars(int[] counts) {
        double width = INNER_WIDTH / counts.length;
        for (int i = 0; i < counts.length; i++) {
            double top = placeY(counts[i]);
            inner.append("<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>"
                    .formatted(
                            number(LEFT + width * i + 1),
                            number(top),
                            number(width - 2),
                            number(TOP + INNER_HEIGHT - top),
                            COLOURS.get(0)));
        }
        return this;
    }

    /** Returns the picture for a page. */
    String svg() {
        return svg("");
    }

    /** Returns the picture as a file of its own. */
    String file() {
        return svg(" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\"") + "\n";
    }

    private String svg(String attributes) {
        StringBuilder svg = new StringBuilder();
        double height = TOP + INNER_HEIGHT + 44 + LEGEND_LINE * legendLines;
        svg.append("<svg%s viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">"
                .formatted(attributes, number(WIDTH), number(height), escaped(caption)));
        for (Axis.Tick tick : x.ticks) {
            grid(svg, atX(tick.at), number(TOP), atX(tick.at), number(TOP + INNER_HEIGHT));
            text(svg, placeX(tick.at), TOP + INNER_HEIGHT + 14, "middle", tick.text);
        }
        for (Axis.Tick tick : y.ticks) {
            grid(svg, number(LEFT), atY(tick.at), number(LEFT + INNER_WIDTH), atY(tick.at));
            text(svg, LEFT - 6, placeY(tick.at) + 4, "end", tick.text);
        }
        svg.append("<path d=\"M%s %sV%sH%s\" fill=\"none\" stroke=\"currentColor\"/>"
                .formatted(number(LEFT), number(TOP), number(TOP + INNER_HEIGHT), number(LEFT + INNER_WIDTH)));
        text(svg, LEFT + INNER_WIDTH / 2, TOP + INNER_HEIGHT + 30, "middle", x.title);
        svg.append(
                "<text transform=\"translate(14 %s) rotate(-90)\" font-size=\"11\" fill=\"currentColor\" text-anchor=\"middle\">%s</text>"
                        .formatted(number(TOP + INNER_HEIGHT / 2), escaped(y.title)));
        return svg.append(inner).append(legend).append("</svg>").toString();
    }

    private static void grid(StringBuilder out, String x1, String y1, String x2, String y2) {
        out.append("<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"currentColor\" opacity=\".15\"/>"
                .formatted(x1, y1, x2, y2));
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String text) {
        out.append("<text x=\"%s\" y=\"%s\" font-size=\"11\" fill=\"currentColor\" text-anchor=\"%s\">%s</text>"
                .formatted(number(x), number(y), anchor, escaped(text)));
    }

    private static String escaped(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    private String point(double atX, double atY) {
        return atX(atX) + "," + atY(atY) + " ";
    }

    private double placeX(double value) {
        return LEFT + INNER_WIDTH * x.place(value);
    }

    private double placeY(double value) {
        return TOP + INNER_HEIGHT * (1 - y.place(value));
    }

    private String atX(double value) {
        return number(placeX(value));
    }

    private String atY(double value) {
        return number(placeY(value));
    }

    private static String number(double value) {
        return number(value, 1);
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
