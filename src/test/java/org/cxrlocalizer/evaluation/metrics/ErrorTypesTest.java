// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TIDE's error types against a slow version that builds what each fix leaves, and scores it again. */
class ErrorTypesTest {

    private static Map<ErrorType, double[]> values(
            TruthSet set, Detections detections, double foreground, int[] weights) {
        List<Metric> metrics = ErrorTypes.metrics(set, detections, foreground, 0.1);
        Map<ErrorType, double[]> values = new EnumMap<>(ErrorType.class);
        Iterator<Metric> next = metrics.iterator();
        for (ErrorType type : ErrorType.values()) {
            Metric metric = next.next();
            assertThat(metric.name()).isEqualTo(type.figure().at(WangProtocol.Overlap.IOU, foreground));
            values.put(type, metric.of(weights));
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void theyAreThoseOfTheDefinition(long seed) {
        RandomCases cases = new RandomCases(seed);
        Detections detections = withDuplicates(cases);
        for (double foreground : OneToOne.ERROR_THRESHOLDS) {
            Slow slow = new Slow(cases.set, detections, foreground);
            Map<ErrorType, double[]> values = values(cases.set, detections, foreground, cases.set.once());
            assertThat(slow.types())
                    .as("all occur")
                    .contains(
                            ErrorType.CLASSIFICATION,
                            ErrorType.LOCALIZATION,
                            ErrorType.BOTH,
                            ErrorType.DUPLICATE,
                            ErrorType.BACKGROUND);
            values.forEach((type, found) -> {
                double[] expected = slow.gains(type);
                assertThat(found).as("%s at %s", type, foreground).containsExactly(expected, within(1e-12));
                assertThat(Arrays.stream(found)).as("no fix costs").allMatch(gain -> gain >= -1e-12);
            });
        }
    }

    /** On every third image, each true box is found twice more. */
    private static Detections withDuplicates(RandomCases cases) {
        return (image, label) -> {
            List<ScoredBox> found = new ArrayList<>(cases.detections().of(image, label));
            if (image % 3 == 0) {
                for (Box truth : cases.set.boxes(image, label)) {
                    found.add(new ScoredBox(truth, 0.7));
                    found.add(new ScoredBox(truth, 0.3));
                }
            }
            found.sort(Comparator.comparingDouble(ScoredBox::score).reversed());
            return found;
        };
    }

    @Test
    void aPatientThatCountsTwiceCountsAsTwo() {
        RandomCases cases = new RandomCases(7);
        Random random = new Random(7);
        int[] weights = IntStream.range(0, cases.set.patientCount())
                .map(i -> random.nextInt(3))
                .toArray();
        RandomCases repeated = cases.repeated(weights);

        Map<ErrorType, double[]> weighted = values(cases.set, cases.detections(), 0.5, weights);
        Map<ErrorType, double[]> written = values(repeated.set, repeated.detections(), 0.5, repeated.set.once());

        weighted.forEach((type, found) -> assertThat(found)
                .as("%s", type)
                .containsExactly(Objects.requireNonNull(written.get(type)), within(1e-12)));
    }

    /** The package tidecv 1.0.1 finds the same types. */
    @Test
    void eachTypeIsFound() {
        Box mass = new Box(0, 0, 100, 100);
        Box nodule = new Box(500, 500, 100, 100);
        Box far = new Box(500, 0, 100, 100);
        TruthSet set = new TruthSet(
                List.of("Mass", "Nodule"),
                List.of(new TruthSet.Image(
                        "image", "patient", Map.of("Mass", List.of(mass, far), "Nodule", List.of(nodule)))));
        Map<Integer, List<ScoredBox>> found = Map.of(
                0,
                List.of(
                        new ScoredBox(mass, 0.9),
                        new ScoredBox(new Box(0, 0, 100, 90), 0.8),
                        new ScoredBox(new Box(500, 500, 100, 95), 0.7),
                        new ScoredBox(new Box(560, 500, 100, 100), 0.6),
                        new ScoredBox(new Box(0, 60, 100, 100), 0.5),
                        new ScoredBox(new Box(300, 300, 10, 10), 0.4)),
                1,
                List.of(new ScoredBox(new Box(500, 520, 100, 100), 0.65)));
        Detections detections = (image, label) -> Objects.requireNonNull(found.get(label));

        BoxErrors errors = BoxErrors.of(set, detections, ListedBoxes.of(set, detections), 0.5, 0.1);

        assertThat(IntStream.range(0, 7).mapToObj(errors::type))
                .containsExactly(
                        null,
                        ErrorType.DUPLICATE,
                        ErrorType.CLASSIFICATION,
                        ErrorType.BOTH,
                        ErrorType.LOCALIZATION,
                        ErrorType.BACKGROUND,
                        null);
        assertThat(IntStream.range(0, 3).filter(errors::isMissed)).containsExactly(1);
        Map<ErrorType, double[]> values = values(set, detections, 0.5, set.once());
        assertThat(values.get(ErrorType.MISSED)).containsExactly(new double[] {0.5, 0, 0.25, 0.25}, within(1e-12));
    }

    @Test
    void aLabelWithoutBoxesHasNothingToGain() {
        TruthSet set = new TruthSet(
                List.of("Mass"),
                List.of(new TruthSet.Image("image", "patient", Map.of("Mass", List.of(new Box(0, 0, 10, 10))))));

        values(set, (image, label) -> List.of(), 0.5, set.once())
                .forEach((type, gains) -> assertThat(gains).as("%s", type).containsOnly(0));
        assertThat(values(set, (image, label) -> List.of(), 0.5, new int[1]).get(ErrorType.MISSED))
                .containsOnly(Double.NaN);
    }

    /** The definition, word by word. */
    private static final class Slow {

        /** No record: two equal boxes are two. {@code type} is null where it is correct, {@code truth} where it has none. */
        private static final class Found {
            private final int label;
            private final ScoredBox box;
            private final @Nullable ErrorType type;
            private final @Nullable Truth truth;

            Found(int label, ScoredBox box, @Nullable ErrorType type, @Nullable Truth truth) {
                this.label = label;
                this.box = box;
                this.type = type;
                this.truth = truth;
            }
        }

        /** No record: two true boxes at one place are two. */
        private static final class Truth {
            private final int label;
            private final Box box;

            Truth(int label, Box box) {
                this.label = label;
                this.box = box;
            }
        }

        private record Point(int label, double score, boolean correct) {}

        private final int labels;
        private final List<List<Found>> images = new ArrayList<>();
        private final List<Truth> truths = new ArrayList<>();

        Slow(TruthSet set, Detections detections, double foreground) {
            labels = set.labels().size();
            for (int image = 0; image < set.images().size(); image++) {
                List<Truth> own = new ArrayList<>();
                List<Found> boxes = new ArrayList<>();
                for (int label = 0; label < labels; label++) {
                    for (Box box : set.boxes(image, label)) {
                        own.add(new Truth(label, box));
                    }
                    for (ScoredBox box : detections.of(image, label)) {
                        boxes.add(new Found(label, box, null, null));
                    }
                }
                truths.addAll(own);
                boxes.sort(Comparator.comparingDouble(found -> -found.box.score()));
                List<Truth> taken = new ArrayList<>();
                List<Found> matched = new ArrayList<>();
                for (Found found : boxes) {
                    Truth best = best(
                            found,
                            own.stream()
                                    .filter(truth -> truth.label == found.label && !taken.contains(truth))
                                    .toList());
                    boolean correct = iou(found, best) > foreground;
                    if (correct) {
                        taken.add(best);
                    }
                    matched.add(new Found(found.label, found.box, null, correct ? best : null));
                }
                images.add(matched.stream()
                        .map(found -> found.truth != null ? found : classified(found, own, foreground))
                        .toList());
            }
        }

        private static Found classified(Found found, List<Truth> truths, double foreground) {
            Truth same = best(
                    found,
                    truths.stream().filter(truth -> truth.label == found.label).toList());
            Truth other = best(
                    found,
                    truths.stream().filter(truth -> truth.label != found.label).toList());
            double any = Math.max(iou(found, same), iou(found, other));
            if (iou(found, same) >= 0.1 && iou(found, same) <= foreground) {
                return new Found(found.label, found.box, ErrorType.LOCALIZATION, same);
            }
            if (iou(found, other) > foreground) {
                return new Found(found.label, found.box, ErrorType.CLASSIFICATION, other);
            }
            if (iou(found, same) > foreground) {
                return new Found(found.label, found.box, ErrorType.DUPLICATE, null);
            }
            return new Found(found.label, found.box, any > 0.1 ? ErrorType.BOTH : ErrorType.BACKGROUND, null);
        }

        private static double iou(Found found, @Nullable Truth truth) {
            return truth == null ? 0 : found.box.box().iou(truth.box);
        }

        private static @Nullable Truth best(Found found, List<Truth> truths) {
            Truth best = null;
            for (Truth truth : truths) {
                best = iou(found, truth) > iou(found, best) ? truth : best;
            }
            return best;
        }

        Set<ErrorType> types() {
            Set<ErrorType> types = EnumSet.noneOf(ErrorType.class);
            images.forEach(image ->
                    image.stream().filter(found -> found.type != null).forEach(found -> types.add(found.type)));
            return types;
        }

        /** By label, then the mean over labels, then of all together. */
        double[] gains(ErrorType type) {
            List<Point> before = new ArrayList<>();
            List<Point> after = new ArrayList<>();
            List<Truth> left = new ArrayList<>(truths);
            for (List<Found> image : images) {
                for (Found found : image) {
                    boolean correct = found.type == null;
                    Point point = new Point(found.label, found.box.score(), correct);
                    before.add(point);
                    if (type == ErrorType.FALSE_POSITIVE) {
                        after.add(new Point(found.label, correct ? 1 : 0, correct));
                    } else if (found.type == null || found.type != type) {
                        after.add(point);
                    } else if (found.truth != null && isFirst(found, image)) {
                        after.add(new Point(found.truth.label, found.box.score(), true));
                    }
                }
            }
            left.removeIf(truth -> switch (type) {
                case MISSED -> images.stream().flatMap(List::stream).noneMatch(found -> truth.equals(found.truth));
                case FALSE_NEGATIVE ->
                    images.stream()
                            .flatMap(List::stream)
                            .noneMatch(found -> truth.equals(found.truth) && found.type == null);
                default -> false;
            });
            double[] gains = new double[labels + 2];
            for (int label = 0; label < labels; label++) {
                int wanted = label;
                gains[label] = precision(of(wanted, after), count(wanted, left))
                        - precision(of(wanted, before), count(wanted, truths));
                gains[labels] += gains[label] / labels;
            }
            gains[labels + 1] = precision(after, left.size()) - precision(before, truths.size());
            return gains;
        }

        /** Of the boxes that point at one free true box, the first alone is made correct. */
        private static boolean isFirst(Found found, List<Found> image) {
            Found first = image.stream()
                    .filter(other -> Objects.equals(other.truth, found.truth))
                    .min(Comparator.comparing((Found other) -> other.type != null)
                            .thenComparing(other -> -other.box.score()))
                    .orElseThrow();
            return first.equals(found);
        }

        private static List<Point> of(int label, List<Point> points) {
            return points.stream().filter(point -> point.label == label).toList();
        }

        private static int count(int label, List<Truth> truths) {
            return (int) truths.stream().filter(truth -> truth.label == label).count();
        }

        /** The area under the largest precision at this or a lower score, by the scores that occur. */
        private static double precision(List<Point> points, int truths) {
            double[] scores = points.stream()
                    .mapToDouble(Point::score)
                    .distinct()
                    .map(score -> -score)
                    .sorted()
                    .map(score -> -score)
                    .toArray();
            double area = 0;
            double before = 0;
            for (int i = 0; i < scores.length; i++) {
                double best = Arrays.stream(scores, i, scores.length)
                        .map(score -> right(points, score)
                                / points.stream()
                                        .filter(point -> point.score >= score)
                                        .count())
                        .max()
                        .orElseThrow();
                area += best * (right(points, scores[i]) - before);
                before = right(points, scores[i]);
            }
            return truths == 0 ? 0 : area / truths;
        }

        private static double right(List<Point> points, double score) {
            return points.stream()
                    .filter(point -> point.correct && point.score >= score)
                    .count();
        }
    }
}
