// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.List;
import java.util.stream.IntStream;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.jspecify.annotations.Nullable;

/**
 * Figures of a map itself, against the mask of its true boxes.
 *
 * <ul>
 *   <li>PxAP (Choe et al., CVPR 2020): average precision of the pixels, each map scaled to [0, 1] by its minimum and
 *       maximum and counted in 256 bins, on 256 × 256 points of the image. Points that the map does not cover count as 0.
 *   <li>Pointing game (Zhang et al., ECCV 2016), without a tolerance around the box: whether the centre of the map's
 *       highest cell, the first from the top left if several are equal, lies in a true box.
 *   <li>Energy-based pointing game (Wang et al., Score-CAM, CVPR workshops 2020): the share of the map's positive part that
 *       lies in the true boxes.
 * </ul>
 */
public final class PixelMetrics {

    private static final int SIDE = 256;
    private static final int BINS = 256;

    private PixelMetrics() {}

    public static List<Metric> metrics(TruthSet set, ClassMaps maps) {
        PixelPrecision precision = new PixelPrecision(set, maps);
        return List.of(
                precision,
                pointingGame(set, maps),
                new TruthMean(Figure.ENERGY_POINTING_GAME.title(), set, precision.energies));
    }

    /** The pointing game alone, which needs little time; CheXlocalize calls it the hit rate. */
    public static Metric pointingGame(TruthSet set, ClassMaps maps) {
        return TruthMean.of(Figure.POINTING_GAME.title(), set, truth -> pointing(set, maps, truth));
    }

    private static double pointing(TruthSet set, ClassMaps maps, TruthSet.Truth truth) {
        double[] peak = peak(maps, truth.image(), truth.label());
        return peak != null && isIn(set.boxes(truth.image(), truth.label()), peak[0], peak[1]) ? 1 : 0;
    }

    /** Returns for each true box whether the centre of the map's highest cell lies in it: 1 or 0. */
    static double[] hits(TruthSet set, ClassMaps maps) {
        return set.truths().stream()
                .mapToDouble(truth -> {
                    double[] peak = peak(maps, truth.image(), truth.label());
                    return peak != null && isIn(List.of(truth.box()), peak[0], peak[1]) ? 1 : 0;
                })
                .toArray();
    }

    /** Returns x and y of the centre of the map's highest cell; null without a map that has one. */
    static double @Nullable [] peak(ClassMaps maps, int image, int label) {
        ClassActivationMap map = usable(maps, image, label);
        if (map == null) {
            return null;
        }
        int peak = 0;
        for (int i = 1; i < map.values().length; i++) {
            if (map.values()[i] > map.values()[peak]) {
                peak = i;
            }
        }
        ImageFrame frame = maps.frame(image);
        int row = peak / map.width();
        return new double[] {
            frame.offsetX() + frame.scaleX() * (peak % map.width() + 0.5) / map.width(),
            frame.offsetY() + frame.scaleY() * (row + 0.5) / map.height()
        };
    }

    /** Returns the map of a label on an image; null if there is none, or it is constant or not finite. */
    static @Nullable ClassActivationMap usable(ClassMaps maps, int image, int label) {
        ClassActivationMap map = maps.of(image, label);
        return map != null && map.isFinite() && map.minimum() < map.maximum() ? map : null;
    }

    /** The positive part of a map, and what of it lies in the true boxes. */
    private static final class Energy {
        private double all;
        private double inside;

        void add(double value, boolean isInside) {
            all += Math.max(0, value);
            inside += isInside ? Math.max(0, value) : 0;
        }

        double share() {
            return all == 0 ? 0 : inside / all;
        }
    }

    private interface Visitor {
        void point(double value, boolean inside);
    }

    /** Visits the points of the image with the map's value, the map's minimum where it does not reach. */
    private static void visit(
            TruthSet set, ClassMaps maps, TruthSet.Truth truth, ClassActivationMap map, Visitor visitor) {
        ImageFrame frame = maps.frame(truth.image());
        List<Box> boxes = set.boxes(truth.image(), truth.label());
        double minimum = map.minimum();
        for (int row = 0; row < SIDE; row++) {
            double y = (row + 0.5) / SIDE * frame.imageHeight();
            double v = frame.v(y);
            List<Box> crossed = boxes.stream()
                    .filter(box -> y >= box.y() && y < box.bottom())
                    .toList();
            for (int column = 0; column < SIDE; column++) {
                double x = (column + 0.5) / SIDE * frame.imageWidth();
                double u = frame.u(x);
                boolean covered = u >= 0 && u <= 1 && v >= 0 && v <= 1;
                visitor.point(covered ? map.at(u, v) : minimum, !crossed.isEmpty() && isIn(crossed, x, y));
            }
        }
    }

    private static boolean isIn(List<Box> boxes, double x, double y) {
        for (Box box : boxes) {
            if (x >= box.x() && x < box.right() && y >= box.y() && y < box.bottom()) {
                return true;
            }
        }
        return false;
    }

    private static final class PixelPrecision implements Metric {

        private final int labels;
        private final List<TruthSet.Truth> truths;
        private final int[][] inside;
        private final int[][] outside;

        /** Of each true box the share of the map's positive part in it, which needs the same points. */
        private final double[] energies;

        PixelPrecision(TruthSet set, ClassMaps maps) {
            labels = set.labels().size();
            truths = set.truths();
            inside = new int[truths.size()][BINS];
            outside = new int[truths.size()][BINS];
            energies = new double[truths.size()];
            IntStream.range(0, truths.size()).parallel().forEach(i -> count(set, maps, i));
        }

        private void count(TruthSet set, ClassMaps maps, int index) {
            TruthSet.Truth truth = truths.get(index);
            ClassActivationMap map = maps.of(truth.image(), truth.label());
            boolean isFinite = map != null && map.isFinite();
            ClassActivationMap visited = isFinite && map != null ? map : new ClassActivationMap(1, 1, new float[1]);
            double minimum = visited.minimum();
            double range = visited.maximum() - minimum;
            Energy energy = new Energy();
            visit(set, maps, truth, visited, (value, isInside) -> {
                int bin = range == 0 ? 0 : (int) Math.min(BINS - 1, (value - minimum) / range * BINS);
                (isInside ? inside : outside)[index][bin]++;
                energy.add(value, isInside);
            });
            energies[index] = energy.share();
        }

        @Override
        public String name() {
            return Figure.PIXEL_PRECISION.title();
        }

        @Override
        public double[] of(Draw draw) {
            int[] weights = draw.weights();
            long[][] in = new long[labels + 1][BINS];
            long[][] out = new long[labels + 1][BINS];
            for (int i = 0; i < truths.size(); i++) {
                int weight = weights[truths.get(i).patient()];
                int label = truths.get(i).label();
                for (int bin = 0; bin < BINS && weight > 0; bin++) {
                    in[label][bin] += (long) weight * inside[i][bin];
                    out[label][bin] += (long) weight * outside[i][bin];
                }
            }
            for (int label = 0; label < labels; label++) {
                for (int bin = 0; bin < BINS; bin++) {
                    in[labels][bin] += in[label][bin];
                    out[labels][bin] += out[label][bin];
                }
            }
            double[] result = new double[labels + 2];
            for (int label = 0; label <= labels; label++) {
                result[label == labels ? labels + 1 : label] = averagePrecision(in[label], out[label]);
            }
            Metric.setMacro(result, labels);
            return result;
        }

        private static double averagePrecision(long[] in, long[] out) {
            double area = 0;
            long right = 0;
            long found = 0;
            for (int bin = BINS - 1; bin >= 0; bin--) {
                right += in[bin];
                found += in[bin] + out[bin];
                area += found == 0 ? 0 : (double) in[bin] * right / found;
            }
            return area / right;
        }
    }
}
