// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.localization.ScoredBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RoDeO against a slow version that tries every matching and writes every correlation out, and against the published package. */
class RobustDetectionTest {

    private static final List<String> LABELS = List.of("Mass", "Nodule", "Hernia");

    private record Labelled(int label, Box box) {}

    /** The boxes of images: true ones and found ones. */
    private static final class Cases {

        private final List<List<Labelled>> truths = new ArrayList<>();
        private final List<List<Labelled>> found = new ArrayList<>();

        TruthSet set() {
            List<TruthSet.Image> images = new ArrayList<>();
            for (int image = 0; image < truths.size(); image++) {
                Map<String, List<Box>> boxes = new HashMap<>();
                truths.get(image)
                        .forEach(truth -> boxes.computeIfAbsent(LABELS.get(truth.label), label -> new ArrayList<>())
                                .add(truth.box));
                images.add(new TruthSet.Image("image " + image, "patient " + image / 2, boxes));
            }
            return new TruthSet(LABELS, images);
        }

        Detections detections() {
            return (image, label) -> found.get(image).stream()
                    .filter(box -> box.label == label)
                    .map(box -> new ScoredBox(box.box, 1))
                    .toList();
        }

        Map<String, double[]> values() {
            Map<String, double[]> values = new HashMap<>();
            TruthSet set = set();
            RobustDetection.metrics(set, detections())
                    .forEach(metric -> values.put(metric.name(), metric.of(set.once())));
            return values;
        }
    }

    private static Cases random(long seed) {
        Random random = new Random(seed);
        Cases cases = new Cases();
        for (int image = 0; image < 12; image++) {
            List<Labelled> truths = new ArrayList<>();
            List<Labelled> found = new ArrayList<>();
            for (int n = image < 3 ? 1 : random.nextInt(4); n > 0; n--) {
                Labelled truth = new Labelled(image < 3 ? image : random.nextInt(3), box(random));
                truths.add(truth);
                if (random.nextBoolean()) {
                    found.add(new Labelled(
                            truth.label,
                            new Box(
                                    truth.box.x() + random.nextGaussian() * 20,
                                    truth.box.y() + random.nextGaussian() * 20,
                                    truth.box.width() * (0.5 + random.nextDouble()),
                                    truth.box.height() * (0.5 + random.nextDouble()))));
                }
            }
            for (int n = random.nextInt(3); n > 0; n--) {
                found.add(new Labelled(random.nextInt(3), box(random)));
            }
            cases.truths.add(truths);
            cases.found.add(found);
        }
        return cases;
    }

    private static Box box(Random random) {
        return new Box(
                random.nextDouble() * 800,
                random.nextDouble() * 800,
                10 + random.nextDouble() * 200,
                10 + random.nextDouble() * 200);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void itIsThatOfTheDefinition(long seed) {
        Cases cases = random(seed);

        Map<String, double[]> values = cases.values();

        for (int label = 0; label <= LABELS.size(); label++) {
            double[] expected = Slow.scores(cases, label);
            int place = label == LABELS.size() ? LABELS.size() + 1 : label;
            assertThat(new double[] {
                        of(values, "RoDeO classification")[place],
                        of(values, "RoDeO localization")[place],
                        of(values, "RoDeO shape")[place],
                        of(values, "RoDeO")[place]
                    })
                    .as("label %d", label)
                    .containsExactly(expected, within(1e-12));
        }
    }

    private static double[] of(Map<String, double[]> values, String name) {
        return Objects.requireNonNull(values.get(name));
    }

    /** The example of the published package's page, with its values (rodeometric 0.0.1), in thousandths. */
    @Test
    void itIsThatOfThePublishedPackage() {
        Cases cases = new Cases();
        cases.truths.add(List.of(new Labelled(0, new Box(0, 0, 100, 100)), new Labelled(1, new Box(0, 200, 100, 100))));
        cases.found.add(List.of(
                new Labelled(0, new Box(100, 100, 200, 100)),
                new Labelled(1, new Box(0, 300, 100, 100)),
                new Labelled(0, new Box(200, 200, 100, 100))));

        Map<String, double[]> values = cases.values();

        assertThat(of(values, "RoDeO localization")[3]).isCloseTo(0.2017040173022381, within(1e-9));
        assertThat(of(values, "RoDeO shape")[3]).isCloseTo(0.5, within(1e-9));
        assertThat(of(values, "RoDeO classification")[3]).isCloseTo(0.6666666666666666, within(1e-9));
        assertThat(of(values, "RoDeO")[3]).isCloseTo(0.3547051614916706, within(1e-9));
    }

    @Test
    void tooManyBoxesCostAsMuchAsTooFew() {
        Cases exact = random(9);
        exact.found.clear();
        exact.truths.forEach(truths -> exact.found.add(new ArrayList<>(truths)));
        assertThat(of(exact.values(), "RoDeO")[4]).isCloseTo(1, within(2e-6));

        int all = exact.truths.stream().mapToInt(List::size).sum();
        exact.found.get(11).add(new Labelled(0, new Box(900, 900, 10, 10)));
        assertThat(of(exact.values(), "RoDeO")[4]).isCloseTo(all / (all + 1.0), within(2e-6));
    }

    /** The definition, word by word. */
    private static final class Slow {

        private record Match(Labelled found, Labelled truth) {}

        /** Classification, localization, shape and total of the pairs of a label, or of all at its number. */
        static double[] scores(Cases cases, int label) {
            double bonus = bonus(cases);
            List<Match> matches = new ArrayList<>();
            int alone = 0;
            for (int image = 0; image < cases.truths.size(); image++) {
                List<Match> best = best(cases.truths.get(image), cases.found.get(image), bonus);
                List<Labelled> left = new ArrayList<>(cases.truths.get(image));
                left.addAll(cases.found.get(image));
                for (Match match : best) {
                    left.remove(match.truth);
                    left.remove(match.found);
                    if (label == LABELS.size() || match.truth.label == label) {
                        matches.add(match);
                    }
                }
                alone += (int) left.stream()
                        .filter(box -> label == LABELS.size() || box.label == label)
                        .count();
            }
            double localization = 0;
            double shape = 0;
            List<Boolean> found = new ArrayList<>();
            List<Boolean> truths = new ArrayList<>();
            for (Match match : matches) {
                Box a = match.found.box;
                Box b = match.truth.box;
                double x = (a.x() + a.right() - b.x() - b.right()) / 2 / b.width();
                double y = (a.y() + a.bottom() - b.y() - b.bottom()) / 2 / b.height();
                localization += Math.pow(2, -Math.pow(Math.hypot(x, y), 2));
                double both = Math.min(a.width(), b.width()) * Math.min(a.height(), b.height());
                shape += both / (a.area() + b.area() - both);
                for (int k = 0; k < LABELS.size(); k++) {
                    found.add(match.found.label == k);
                    truths.add(match.truth.label == k);
                }
            }
            double all = matches.size() + alone;
            double classification =
                    matches.isEmpty() ? 0 : Math.max(0, correlation(found, truths)) * matches.size() / all;
            double[] scores = {classification, localization / all, shape / all, 0};
            double sum = 0;
            for (int i = 0; i < 3; i++) {
                sum += 1 / (scores[i] + 1e-6);
            }
            scores[3] = matches.isEmpty() ? 0 : 3 / sum;
            return scores;
        }

        private static double bonus(Cases cases) {
            List<Boolean> found = new ArrayList<>();
            List<Boolean> truths = new ArrayList<>();
            for (int image = 0; image < cases.truths.size(); image++) {
                for (int label = 0; label < LABELS.size(); label++) {
                    int wanted = label;
                    found.add(cases.found.get(image).stream().anyMatch(box -> box.label == wanted));
                    truths.add(cases.truths.get(image).stream().anyMatch(box -> box.label == wanted));
                }
            }
            return Math.max(0, correlation(found, truths));
        }

        /** Pearson's correlation, which Matthews' is for yes and no. */
        private static double correlation(List<Boolean> some, List<Boolean> others) {
            double n = some.size();
            double a = some.stream().filter(Boolean::booleanValue).count() / n;
            double b = others.stream().filter(Boolean::booleanValue).count() / n;
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += ((some.get(i) ? 1 : 0) - a) * ((others.get(i) ? 1 : 0) - b);
            }
            double product = a * (1 - a) * b * (1 - b);
            return product == 0 ? 0 : sum / n / Math.sqrt(product);
        }

        /** Tries every matching of as many pairs as there can be. */
        private static List<Match> best(List<Labelled> truths, List<Labelled> found, double bonus) {
            return best(truths, found, bonus, Math.min(truths.size(), found.size()));
        }

        private static List<Match> best(List<Labelled> truths, List<Labelled> found, double bonus, int pairs) {
            if (pairs == 0) {
                return List.of();
            }
            Labelled truth = truths.get(0);
            List<Labelled> rest = truths.subList(1, truths.size());
            List<Match> best = rest.size() < pairs ? List.of() : best(rest, found, bonus, pairs);
            for (Labelled box : found) {
                List<Labelled> others = new ArrayList<>(found);
                others.remove(box);
                List<Match> matches = new ArrayList<>(best(rest, others, bonus, pairs - 1));
                matches.add(new Match(box, truth));
                if (best.isEmpty() || gain(matches, bonus) > gain(best, bonus)) {
                    best = matches;
                }
            }
            return best;
        }

        private static double gain(List<Match> matches, double bonus) {
            return matches.stream()
                    .mapToDouble(match -> {
                        Box a = match.found.box;
                        Box b = match.truth.box;
                        double union = a.area() + b.area() - a.intersectionArea(b);
                        double enclosing = (Math.max(a.right(), b.right()) - Math.min(a.x(), b.x()))
                                * (Math.max(a.bottom(), b.bottom()) - Math.min(a.y(), b.y()));
                        return a.intersectionArea(b) / union
                                - (enclosing - union) / enclosing
                                + (match.found.label == match.truth.label ? bonus : 0);
                    })
                    .sum();
        }
    }
}
