// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;

/** Seeded images, boxes and maps with many ties: coordinates and scores are multiples of a coarse step. */
final class RandomCases {

    static final List<String> LABELS = List.of("Mass", "Nodule", "Effusion");

    final TruthSet set;
    final Map<List<Integer>, List<ScoredBox>> found = new HashMap<>();
    final Map<List<Integer>, ClassActivationMap> maps = new HashMap<>();

    RandomCases(long seed) {
        Random random = new Random(seed);
        List<TruthSet.Image> images = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Map<String, List<Box>> boxes = new HashMap<>();
            for (String label : LABELS) {
                if (random.nextInt(3) > 0) {
                    List<Box> list = new ArrayList<>(List.of(box(random)));
                    if (random.nextInt(4) == 0) {
                        list.add(box(random));
                    }
                    boxes.put(label, list);
                }
            }
            images.add(new TruthSet.Image("image " + i, "patient " + random.nextInt(15), boxes));
        }
        set = new TruthSet(LABELS, images);
        for (int i = 0; i < images.size(); i++) {
            for (int k = 0; k < LABELS.size(); k++) {
                List<ScoredBox> boxes = new ArrayList<>();
                for (int n = random.nextInt(4); n > 0; n--) {
                    boxes.add(new ScoredBox(box(random), random.nextInt(5) / 5.0));
                }
                boxes.sort(Comparator.comparingDouble(ScoredBox::score).reversed());
                found.put(List.of(i, k), List.copyOf(boxes));
                float[] values = new float[12];
                for (int j = 0; j < values.length; j++) {
                    values[j] = random.nextInt(7) - 2;
                }
                maps.put(List.of(i, k), new ClassActivationMap(4, 3, values));
            }
        }
    }

    private static Box box(Random random) {
        return new Box(
                random.nextInt(4) * 128,
                random.nextInt(4) * 128,
                (random.nextInt(4) + 1) * 128,
                (random.nextInt(4) + 1) * 128);
    }

    Detections detections() {
        return (image, label) -> found.getOrDefault(List.of(image, label), List.of());
    }

    ClassMaps classMaps() {
        return new ClassMaps() {
            @Override
            public ClassActivationMap of(int image, int label) {
                return Objects.requireNonNull(maps.get(List.of(image, label)));
            }

            @Override
            public ImageFrame frame(int image) {
                return ImageFrame.stretch(1024, 1024);
            }
        };
    }

    /** The same with each patient's images repeated as often as the weights say, under new names. */
    RandomCases repeated(int[] weights) {
        return new RandomCases(this, weights);
    }

    private RandomCases(RandomCases other, int[] weights) {
        List<TruthSet.Image> images = new ArrayList<>();
        for (int i = 0; i < other.set.images().size(); i++) {
            TruthSet.Image image = other.set.images().get(i);
            for (int copy = 0; copy < weights[other.set.patientOf(i)]; copy++) {
                for (int k = 0; k < LABELS.size(); k++) {
                    found.put(List.of(images.size(), k), other.detections().of(i, k));
                    maps.put(List.of(images.size(), k), other.classMaps().of(i, k));
                }
                images.add(new TruthSet.Image(image.name() + " " + copy, image.patient(), image.boxes()));
            }
        }
        set = new TruthSet(LABELS, images);
    }
}
