// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.MapBoxes;
import org.cxrlocalizer.localization.MapUnit;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;

/** What a localizer must beat without having learnt anything, and what its grid lets it reach at most. */
public final class Baselines {

    private static final int LEVELS = 100;

    private Baselines() {}

    /** The middle quarter of the image: 512 × 512 in 1024 × 1024 pixels. */
    public static Detections centredBox(TruthSet set) {
        return (image, label) -> {
            double width = set.images().get(image).size().width();
            double height = set.images().get(image).size().height();
            return List.of(new ScoredBox(new Box(width / 4, height / 4, width / 2, height / 2), 1));
        };
    }

    /** The mean of the label's true boxes of all other patients, in parts of their images; no box where there is none. */
    public static Detections classMeanBox(TruthSet set) {
        return (image, label) -> mean(set.truths().stream()
                .filter(truth -> truth.label() == label && truth.patient() != set.patientOf(image))
                .map(truth -> scaled(
                        truth.box(),
                        set.images().get(truth.image()).size(),
                        set.images().get(image).size()))
                .toList());
    }

    private static Box scaled(Box box, ImageSize from, ImageSize to) {
        double x = (double) to.width() / from.width();
        double y = (double) to.height() / from.height();
        return new Box(box.x() * x, box.y() * y, box.width() * x, box.height() * y);
    }

    private static ImageFrame frame(TruthSet set, int image) {
        ImageSize size = set.images().get(image).size();
        return ImageFrame.stretch(size.width(), size.height());
    }

    private static List<ScoredBox> mean(List<Box> boxes) {
        if (boxes.isEmpty()) {
            return List.of();
        }
        double[] sum = new double[4];
        for (Box box : boxes) {
            sum[0] += box.x();
            sum[1] += box.y();
            sum[2] += box.width();
            sum[3] += box.height();
        }
        int n = boxes.size();
        return List.of(new ScoredBox(new Box(sum[0] / n, sum[1] / n, sum[2] / n, sum[3] / n), 1));
    }

    /**
     * Maps of independent uniform values. The values depend on the seed and the names of image and label alone, so that
     * they do not change with the set.
     *
     * @param unit of the maps that they stand beside
     */
    public static ClassMaps randomMaps(TruthSet set, int width, int height, MapUnit unit, long seed) {
        return new ClassMaps() {
            @Override
            public ClassActivationMap of(int image, int label) {
                String name =
                        set.images().get(image).name() + '|' + set.labels().get(label);
                SplittableRandom random = new SplittableRandom(seed ^ ((long) name.hashCode() << 20));
                float[] values = new float[width * height];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextDouble();
                }
                return new ClassActivationMap(width, height, values, unit);
            }

            @Override
            public ImageFrame frame(int image) {
                return Baselines.frame(set, image);
            }
        };
    }

    /**
     * The boxes that a policy cuts from a map for each label; the label's probability counts as 1.
     *
     * @param policies null for a label without boxes
     */
    public static Detections boxesOf(
            TruthSet set, ClassMaps maps, Function<String, BoxPolicy.@Nullable MapPolicy> policies) {
        return (image, label) -> {
            ClassActivationMap map = maps.of(image, label);
            BoxPolicy.MapPolicy policy = policies.apply(set.labels().get(label));
            return map == null || policy == null
                    ? List.of()
                    : MapBoxes.cut(map, maps.frame(image), 1, policy).boxes();
        };
    }

    /**
     * The grid's ceiling: a map of {@code width} × {@code height} cells that holds the share of each cell that a true box
     * covers. It is cut for each true box at the level, of 100, whose box fits it best.
     */
    public static Detections gridCeiling(TruthSet set, int width, int height) {
        double[] levels = IntStream.rangeClosed(1, LEVELS)
                .mapToDouble(i -> (double) i / LEVELS)
                .toArray();
        return (image, label) -> set.boxes(image, label).stream()
                .flatMap(truth -> {
                    ImageFrame frame = frame(set, image);
                    return fitting(coverage(truth, frame, width, height), frame, levels, truth);
                })
                .toList();
    }

    private static Stream<ScoredBox> fitting(ClassActivationMap map, ImageFrame frame, double[] levels, Box truth) {
        return map.boxesAbove(levels, frame).stream()
                .flatMap(List::stream)
                .max(Comparator.comparingDouble(truth::iou))
                .map(box -> new ScoredBox(box, 1))
                .stream();
    }

    private static ClassActivationMap coverage(Box truth, ImageFrame frame, int width, int height) {
        double cellWidth = (double) frame.imageWidth() / width;
        double cellHeight = (double) frame.imageHeight() / height;
        float[] values = new float[width * height];
        for (int i = 0; i < values.length; i++) {
            int column = i % width;
            int row = i / width;
            Box cell = new Box(column * cellWidth, row * cellHeight, cellWidth, cellHeight);
            values[i] = (float) (cell.intersectionArea(truth) / cell.area());
        }
        return new ClassActivationMap(width, height, values);
    }
}
