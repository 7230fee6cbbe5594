// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.cxrlocalizer.Extent;
import org.cxrlocalizer.NihData;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.radiograph.pixels.GreyPixels;
import org.cxrlocalizer.radiograph.pixels.Orientation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlausibilityTest {

    /** A brightness in [0, 1] for a place in [0, 1]. */
    private interface Drawing {

        double at(double x, double y);
    }

    private static final Path SHARED = NihData.FOLDER;
    private static final int FALSE_ALARMS_PER_CENT = 1;
    private static final int FOUND_PER_CENT = 90;

    private final Plausibility plausibility = new Plausibility();

    private static final Map<String, UnaryOperator<Radiograph>> WRONG = Map.of(
            "as if it lay on its side", image -> turned(image, Orientation.TURNED_LEFT),
            "on its side", image -> turned(image, Orientation.TURNED_RIGHT),
            "as if it were upside down", image -> turned(image, Orientation.TURNED_180),
            "upside down", image -> turned(image, Orientation.FLIPPED),
            "like a negative", PlausibilityTest::negative);

    @Test
    void theBundledImagesAndTheirMirrorImagesArePlausible() {
        for (String name : Samples.NAMES) {
            Radiograph image = sample(name);

            assertThat(plausibility.warnings(image)).as(name).isEmpty();
            assertThat(plausibility.warnings(turned(image, Orientation.MIRRORED)))
                    .as(name)
                    .isEmpty();
        }
    }

    @Test
    void turnedFlippedAndNegativeOnesAreNamed() {
        for (String name : Samples.NAMES) {
            WRONG.forEach((words, change) -> assertThat(plausibility.warnings(change.apply(sample(name))))
                    .as("%s, %s", name, words)
                    .singleElement()
                    .asString()
                    .contains(words));
        }
    }

    @ParameterizedTest
    @CsvSource({"8, 8, too small", "63, 300, too small", "32, 32, too small", "1000, 100, longer"})
    void imagesOfImplausibleSizesAreNoted(int width, int height, String words) {
        Radiograph image = drawn(width, height, (x, y) -> (x + y) / 2);

        assertThat(plausibility.warnings(image)).first().asString().contains(words);
    }

    @Test
    void oneGreyValueIsNotedAndNothingElse() {
        assertThat(plausibility.warnings(drawn(300, 300, (x, y) -> 0.4)))
                .singleElement()
                .asString()
                .contains("one grey value");
    }

    @Test
    void imagesWithoutContrastOrDetailAreNoted() {
        Radiograph chest = sample(Samples.NAMES.get(0));
        Thumbnail small = Thumbnail.of(chest, 32);
        Radiograph repeated = drawn(512, 512, (x, y) -> cell(small, x, y));
        Thumbnail smooth = small.doubled().doubled().doubled();
        Radiograph interpolated = drawn(256, 256, (x, y) -> cell(smooth, x, y));
        Radiograph flat = drawn(512, 512, (x, y) -> 0.4 + 0.1 * chest.brightness((int) (x * 1024), (int) (y * 1024)));

        assertThat(plausibility.warnings(repeated)).anyMatch(warning -> warning.contains("detail"));
        assertThat(plausibility.warnings(interpolated)).anyMatch(warning -> warning.contains("detail"));
        assertThat(plausibility.warnings(flat)).anyMatch(warning -> warning.contains("contrast"));
    }

    /** A marker on a plate that was not exposed, a field within a border, a field with the noise of a detector. */
    @Test
    void picturesThatShowNothingAreNamed() {
        Random noise = new Random(25);
        List<Radiograph> nothing = List.of(
                drawn(1024, 1024, (x, y) -> x > 0.8 && y < 0.1 ? 1 : 0),
                drawn(1024, 1024, (x, y) -> Math.abs(x - 0.5) < 0.45 && Math.abs(y - 0.5) < 0.45 ? 0.5 : 0),
                drawn(512, 512, (x, y) -> 0.5 + 0.03 * noise.nextGaussian()));

        assertThat(nothing).allSatisfy(picture -> assertThat(plausibility.warnings(picture))
                .contains(Radiograph.SHOWS_NOTHING));
        Radiograph chest = sample(Samples.NAMES.get(0));
        Radiograph framed = drawn(
                1024,
                1024,
                (x, y) -> Math.abs(x - 0.5) < 0.25 && Math.abs(y - 0.5) < 0.25
                        ? chest.brightness((int) (2048 * x - 512), (int) (2048 * y - 512))
                        : 0);
        assertThat(List.of(chest, framed)).allSatisfy(picture -> assertThat(plausibility.warnings(picture))
                .doesNotContain(Radiograph.SHOWS_NOTHING));
    }

    @Test
    void drawnPicturesAreImplausible() {
        Map<String, List<Radiograph>> kinds = drawings();

        kinds.forEach((kind, images) -> assertThat(images.stream()
                        .filter(image -> !plausibility.warnings(image).isEmpty())
                        .count())
                .as("%s, of %d", kind, images.size())
                .isGreaterThanOrEqualTo(images.size() * FOUND_PER_CENT / 100));
    }

    /** The networks are computed here and by NumPy from the same weights; the thumbnails too. */
    @Test
    void probabilitiesAreThoseOfThePythonThatTrainedIt() throws IOException {
        PlausibilityModel model = new PlausibilityModel();
        List<String> lines = Files.readAllLines(Path.of("src/test/resources/radiograph/plausibility.csv"));

        assertThat(lines).hasSize(8);
        for (String line : lines.subList(2, lines.size())) {
            String[] cells = line.split(",", -1);
            Radiograph image =
                    switch (cells[0]) {
                        case "waves" -> grey(200, 150, (x, y) -> (x * x / 7 + 3 * y) % 256);
                        case "ramp" -> grey(200, 150, (x, y) -> x * 255 / 199);
                        case "checks" -> grey(200, 150, (x, y) -> (x / 9 + y / 9) % 2 * 255);
                        default -> sample(cells[0]);
                    };
            Map<PlausibilityModel.Kind, Double> probabilities =
                    model.probabilities(Thumbnail.of(image, 64).reduced(PlausibilityModel.SIDE));
            int column = 1;
            for (PlausibilityModel.Kind kind : PlausibilityModel.Kind.values()) {
                assertThat(probabilities.get(kind))
                        .as("%s %s", cells[0], kind)
                        .isCloseTo(Double.parseDouble(cells[column]), within(1e-3));
                column++;
            }
        }
    }

    @Test
    void ofTheBoxedImagesHardlyAnyIsNotedAndWhatIsWrongIs() throws IOException {
        check("boxed", 3);
    }

    @Test
    void ofTheImagesWithoutBoxesHardlyAnyIsNotedAndWhatIsWrongIs() throws IOException {
        check("test_unboxed", 1);
    }

    /** @param every of how many images one is also turned, flipped, made a negative */
    private void check(String part, int every) throws IOException {
        Path folder = SHARED.resolve(part);
        assumeThat(folder).as("the shared NIH data").isDirectory();
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = Extent.of(all.filter(Files::isRegularFile).sorted().toList(), 2);
        }
        int alarms = 0;
        int changed = 0;
        Map<String, Integer> found = new LinkedHashMap<>();
        for (int i = 0; i < files.size(); i++) {
            Radiograph image = RadiographReaders.reader().read(Files.readAllBytes(files.get(i)));
            List<String> warnings = plausibility.warnings(image);
            assertThat(warnings).as("%s", files.get(i)).doesNotContain(Radiograph.SHOWS_NOTHING);
            alarms += warnings.isEmpty() ? 0 : 1;
            if (i % every == 0) {
                changed++;
                WRONG.forEach((kind, change) -> found.merge(
                        kind, plausibility.warnings(change.apply(image)).isEmpty() ? 0 : 1, Integer::sum));
            }
        }
        System.out.printf("%s: %d of %d noted; of %d changed ones %s%n", part, alarms, files.size(), changed, found);

        assertThat(alarms * 100)
                .as("false alarms of %d", files.size())
                .isLessThan(files.size() * FALSE_ALARMS_PER_CENT);
        assertThat(found).hasSize(WRONG.size());
        int least = changed * FOUND_PER_CENT / 100;
        assertThat(found).allSatisfy((kind, count) -> assertThat(count).as(kind).isGreaterThanOrEqualTo(least));
    }

    @ParameterizedTest
    @CsvSource({
        "nih_dx_implicit_le, ''",
        "cr_pa_jpeg_baseline, ''",
        "cr_pa_jpeg_baseline_rsna, ''",
        "cr_pa_15bit_monochrome1_jpeg2000, ''",
        "cr_pa_jpeg_baseline_wrongly_monochrome1, looks like a negative",
        "not_a_chest_skull_dx, does not look like"
    })
    void ofTheRealFilesTheSkullAndTheNegativeAreNoted(String name, String words) throws IOException {
        Path file = SHARED.resolve("dicom").resolve(name + ".dcm");
        assumeThat(file).as("the shared NIH data").exists();
        Radiograph image = RadiographReaders.reader().read(Files.readAllBytes(file), new ReadOptions(false, 1, true));

        List<String> warnings = plausibility.warnings(image);

        if (words.isEmpty()) {
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings).anyMatch(warning -> warning.contains(words));
        }
    }

    /** Of each kind forty, by fixed seeds. */
    private static Map<String, List<Radiograph>> drawings() {
        Map<String, List<Radiograph>> kinds = new LinkedHashMap<>();
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            double turn = seed * Math.PI / 20;
            double a = random.nextDouble();
            double b = random.nextDouble();
            int n = seed + 2;
            double radius = 0.1 + 0.01 * seed;
            draw(kinds, "gradient", (x, y) -> 0.5 + 0.5 * ((x - 0.5) * Math.cos(turn) + (y - 0.5) * Math.sin(turn)));
            draw(kinds, "radial gradient", (x, y) -> Math.min(1, Math.hypot(x - a, y - b)));
            draw(kinds, "noise", (x, y) -> random.nextDouble());
            draw(kinds, "faint noise", (x, y) -> Math.max(0, Math.min(1, 0.5 + 0.15 * random.nextGaussian())));
            draw(kinds, "stripes", (x, y) -> Math.floor(x * n) % 2);
            draw(kinds, "checks", (x, y) -> (Math.floor(x * n) + Math.floor(y * n)) % 2);
            draw(kinds, "disc", (x, y) -> Math.hypot(x - 0.5, y - 0.5) < radius ? 0.85 : 0.05);
            draw(kinds, "head", (x, y) -> head(Math.hypot((x - 0.5) / (0.25 + a / 10), (y - 0.5) / (0.35 + b / 10))));
            boolean[] words = new boolean[64 * 64];
            for (int i = 0; i < words.length; i++) {
                words[i] = random.nextInt(5) > 0;
            }
            draw(kinds, "page", (x, y) -> page(x, y, words, a));
            draw(kinds, "screen", screen(random));
        }
        return kinds;
    }

    private static void draw(Map<String, List<Radiograph>> kinds, String kind, Drawing drawing) {
        kinds.computeIfAbsent(kind, name -> new ArrayList<>()).add(drawn(256, 256, drawing));
    }

    private static double head(double distance) {
        return (distance < 1 ? 0.6 : 0) + 0.35 * Math.exp(-Math.pow((distance - 1) / 0.06, 2));
    }

    /** Lines of words within margins. */
    private static double page(double x, double y, boolean[] words, double margin) {
        double edge = 0.03 + margin / 8;
        boolean inside = x > edge && x < 1 - edge && y > edge && y < 1 - edge;
        boolean ink = (y * 128) % 4 < 2 && words[64 * (int) (y * 32) + (int) (x * 64)] && (x * 256) % 3 < 2;
        return inside && ink ? 0.1 : 0.97;
    }

    private static Drawing screen(Random random) {
        double[][] panels = new double[12][];
        for (int i = 0; i < panels.length; i++) {
            double x = random.nextDouble() - 0.1;
            double y = random.nextDouble() - 0.1;
            panels[i] =
                    new double[] {x, y, x + random.nextDouble() / 2, y + random.nextDouble() / 2, random.nextDouble()};
        }
        return (x, y) -> Arrays.stream(panels)
                .filter(panel -> x > panel[0] && y > panel[1] && x < panel[2] && y < panel[3])
                .mapToDouble(panel -> panel[4])
                .reduce(0.9, (below, above) -> above);
    }

    private interface Greys {

        int at(int x, int y);
    }

    private static Radiograph grey(int width, int height, Greys greys) {
        short[] samples = new short[width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) greys.at(i % width, i / width);
        }
        return new Radiograph(width, height, samples, 255, "image/png", "", List.of());
    }

    private static Radiograph drawn(int width, int height, Drawing drawing) {
        return grey(width, height, (x, y) -> (int) Math.round(255 * drawing.at((x + 0.5) / width, (y + 0.5) / height)));
    }

    private static float cell(Thumbnail thumbnail, double x, double y) {
        int side = thumbnail.side();
        return thumbnail.cells()[side * (int) (y * side) + (int) (x * side)];
    }

    private static Radiograph sample(String name) {
        return RadiographReaders.reader().read(Samples.read(name));
    }

    private static Radiograph turned(Radiograph image, Orientation orientation) {
        GreyPixels pixels = new GreyPixels(image.width(), image.height(), image.samples(), image.maximum(), List.of())
                .oriented(orientation);
        return new Radiograph(
                pixels.width(), pixels.height(), pixels.samples(), pixels.maximum(), "image/png", "", List.of());
    }

    private static Radiograph negative(Radiograph image) {
        short[] samples = image.samples().clone();
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (image.maximum() - (samples[i] & 0xffff));
        }
        return new Radiograph(image.width(), image.height(), samples, image.maximum(), "image/png", "", List.of());
    }
}
