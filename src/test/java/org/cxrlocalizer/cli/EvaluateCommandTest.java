package org.cxrlocalizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Evaluations of the bundled samples, run as from a shell. */
class EvaluateCommandTest {

    private static final Path SAMPLES = Path.of("src/main/resources/samples");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void catchWhatIsPrinted() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void printAgain() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private int run(String... args) {
        out.reset();
        err.reset();
        return CommandLineInterface.run(Application.class, args);
    }

    private int evaluate(Path images, Path directory, String... more) {
        List<String> args = new ArrayList<>(
                List.of("evaluate", "--images", images.toString(), "--out", directory.toString(), "--draws", "50"));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private static JsonNode report(Path directory) throws IOException {
        return JSON.readTree(Files.readString(directory.resolve("report.json")));
    }

    @Test
    void aReportHasFiguresOfEachSystemBesideTheBaselines() throws IOException {
        Path entries = Files.writeString(folder.resolve("entries.csv"), """
                Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position
                00013659_019.png,Pneumonia,19,13659,40,F,AP
                00022215_012.png,Cardiomegaly,12,22215,50,M,PA
                00015069_001.png,No Finding,1,15069,60,M,PA
                """);

        assertThat(evaluate(
                        SAMPLES,
                        folder.resolve("a"),
                        "--labels",
                        entries.toString(),
                        "--policy",
                        "wang",
                        "--policy",
                        "{\"type\":\"percentile\",\"percentile\":90}"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();

        JsonNode report = report(folder.resolve("a"));
        assertThat(report.at("/images/scored").asInt()).isEqualTo(3);
        assertThat(report.get("localization")).hasSize(4);
        assertThat(report.get("baselines").valueStream().map(node -> node.get("system")
                        .asString()))
                .containsExactly("centred box", "class-mean box", "random map", "grid ceiling");
        assertThat(report.at("/classification/1/label").asString()).isEqualTo("Cardiomegaly");
        assertThat(report.at("/classification/1/positives").asInt()).isEqualTo(1);
        assertThat(report.get("subgroups").valueStream().map(node -> node.get("condition")
                        .asString()))
                .contains("view AP", "sex M", "age 40-59");
        assertThat(folder.resolve("a").resolve("report.html"))
                .content()
                .contains("data:image/jpeg;base64,", "centred box", "Beside the paper", "<polyline")
                .doesNotContain("http");
        assertThat(folder.resolve("a").resolve("boxes-1.csv"))
                .content()
                .startsWith("Image Index,Finding Label,\"Bbox [x\"".replace("\"", ""));
        JsonNode coco = JSON.readTree(Files.readString(folder.resolve("a").resolve("coco-2.json")));
        assertThat(coco.get("images")).hasSize(3);
        assertThat(coco.get("categories")).hasSize(14);
        assertThat(coco.at("/annotations/0/bbox")).hasSize(4);
    }

    @Test
    void theBoxesOfAReportScoreTheSameWithoutAModel() throws IOException {
        Path list = Files.writeString(
                folder.resolve("images.txt"), "00013659_019.png\n00022215_012.png\n00015069_001.png\n");
        assertThat(evaluate(SAMPLES, folder.resolve("a"), "--policy", "wang")).isZero();

        assertThat(run(
                        "score",
                        "--predictions",
                        folder.resolve("a/boxes-1.csv").toString(),
                        "--split",
                        list.toString(),
                        "--out",
                        folder.resolve("b").toString(),
                        "--draws",
                        "50"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();

        JsonNode of = report(folder.resolve("a")).at("/localization/0/figures");
        JsonNode same = report(folder.resolve("b")).at("/localization/0/figures");
        assertThat(same.properties()).isNotEmpty().allSatisfy(figure -> assertThat(figure.getValue())
                .as(figure.getKey())
                .isEqualTo(of.get(figure.getKey())));
        assertThat(same.at("/Mean IoU/micro/value").asDouble())
                .isCloseTo(of.at("/Mean IoU/micro/value").asDouble(), within(0.0));
    }

    @Test
    void aFileThatChangedAfterItWasScoredCostsItsPictureAndNotTheReport() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        for (String name : Samples.NAMES) {
            Files.write(images.resolve(name), Samples.read(name));
        }
        assertThat(evaluate(images, folder.resolve("a"), "--policy", "wang")).isZero();
        Files.writeString(images.resolve(Samples.NAMES.get(0)), "no image any more");

        assertThat(evaluate(images, folder.resolve("a"), "--policy", "wang", "--resume"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();

        assertThat(folder.resolve("a").resolve("report.html"))
                .content()
                .contains("data:image/jpeg;base64,", "There is no picture: the file has changed since it was scored.");
        assertThat(report(folder.resolve("a")).at("/images/scored").asInt()).isEqualTo(3);
    }

    @Test
    void whatNeedsMoreMemoryThanThereIsIsRefusedBeforeAnythingIsLocalized() {
        assertThat(run(
                        "evaluate",
                        "--images",
                        SAMPLES.toString(),
                        "--out",
                        folder.resolve("a").toString(),
                        "--policy",
                        "wang",
                        "--draws",
                        "100000000"))
                .isEqualTo(1);

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("100000000 draws needs about", "MB of memory", "-Xmx")
                .doesNotContain("Exception");
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void twoModelsAreComparedInPairsByTheirBoxes() throws IOException {
        Path list = Files.writeString(
                folder.resolve("images.txt"), "00013659_019.png\n00022215_012.png\n00015069_001.png\n");
        assertThat(evaluate(SAMPLES, folder.resolve("both"), "--policy", "wang", "--policy", "otsu"))
                .isZero();

        assertThat(run(
                        "score",
                        "--predictions",
                        folder.resolve("both/boxes-1.csv").toString(),
                        "--against",
                        folder.resolve("both/boxes-2.csv").toString(),
                        "--split",
                        list.toString(),
                        "--out",
                        folder.resolve("compared").toString(),
                        "--draws",
                        "50"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();

        JsonNode compared = report(folder.resolve("compared")).at("/differences/0");
        assertThat(compared.get("condition").asString()).isEqualTo("minus against");
        JsonNode ofModels = report(folder.resolve("both")).at("/differences/0/figures");
        assertThat(compared.get("figures").properties()).isNotEmpty().allSatisfy(figure -> assertThat(figure.getValue())
                .as(figure.getKey())
                .isEqualTo(ofModels.get(figure.getKey())));
    }

    @Test
    void aRunThatWasCutOffGoesOnToTheSameReport() throws IOException {
        assertThat(evaluate(SAMPLES, folder.resolve("whole"), "--policy", "wang"))
                .isZero();
        List<String> lines = Files.readAllLines(folder.resolve("whole/predictions.jsonl"));
        Path cut = Files.createDirectories(folder.resolve("cut"));
        Files.writeString(
                cut.resolve("predictions.jsonl"),
                lines.get(0) + "\n" + lines.get(2) + "\n" + lines.get(1).substring(0, 500));

        assertThat(evaluate(SAMPLES, cut, "--policy", "wang")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("exists already; --resume continues it");
        assertThat(evaluate(SAMPLES, cut, "--policy", "otsu", "--resume")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is of another run");
        assertThat(evaluate(SAMPLES, cut, "--policy", "wang", "--resume")).isZero();

        for (String file : List.of("report.json", "report.html", "figures.csv", "boxes-1.csv", "manifest.json")) {
            assertThat(cut.resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
        }
    }

    @Test
    void aManifestReplaysToTheSameReport() throws IOException {
        Path first = folder.resolve("first");
        assertThat(evaluate(SAMPLES, first, "--policy", "otsu", "--method", "cam", "--seed", "3"))
                .isZero();
        String manifest = first.resolve("manifest.json").toString();

        assertThat(run(
                        "evaluate",
                        "--images",
                        SAMPLES.toString(),
                        "--replay",
                        manifest,
                        "--out",
                        folder.resolve("again").toString()))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();

        for (String file : List.of("report.json", "report.html", "figures.csv", "boxes-1.csv", "manifest.json")) {
            assertThat(folder.resolve("again").resolve(file)).hasSameBinaryContentAs(first.resolve(file));
        }
        Path fewer = Files.createDirectories(folder.resolve("fewer"));
        Files.copy(SAMPLES.resolve("00013659_019.png"), fewer.resolve("00013659_019.png"));
        assertThat(evaluate(fewer, folder.resolve("other"), "--replay", manifest))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("This is no replay, because it differs in the images");
        assertThat(evaluate(
                        SAMPLES,
                        folder.resolve("third"),
                        "--replay",
                        first.resolve("figures.csv").toString()))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is no manifest of a report");
    }

    @Test
    void aBadImageIsReportedAndCountedAndTheOthersAreScored() throws IOException {
        Path images = Files.createDirectories(folder.resolve("images"));
        Files.copy(SAMPLES.resolve("00013659_019.png"), images.resolve("00013659_019.png"));
        Files.writeString(images.resolve("00022215_012.png"), "not an image");

        assertThat(evaluate(images, folder.resolve("a"), "--policy", "wang")).isZero();

        JsonNode counts = report(folder.resolve("a")).get("images");
        assertThat(counts.get("scored").asInt()).isEqualTo(1);
        assertThat(counts.at("/failed/00022215_012.png").asString()).isNotBlank();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("1 failed", "00022215_012.png:");
    }

    @Test
    void aPolicyIsNotScoredOnThePatientsThatItWasChosenOn() throws IOException {
        String calibration = Files.readAllLines(Path.of("models", bundled(), "calibration-images.txt"))
                .get(0);
        Path images = Files.createDirectories(folder.resolve("images"));
        Files.copy(SAMPLES.resolve("00013659_019.png"), images.resolve(calibration));
        Files.copy(SAMPLES.resolve("00022215_012.png"), images.resolve("00000000_000.png"));

        assertThat(evaluate(images, folder.resolve("a"), "--policy", "calibrated"))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("was chosen on the patients of 1 of these images");
        assertThat(folder.resolve("a")).doesNotExist();
        assertThat(evaluate(images, folder.resolve("a"), "--policy", "wang", "--leave-out-calibration"))
                .isZero();
        assertThat(report(folder.resolve("a")).at("/images/scored").asInt()).isEqualTo(1);
    }

    @Test
    void calibratedPoliciesAreAPartOfAManifest() throws IOException {
        Path directory = folder.resolve("calibrated");

        assertThat(run("calibrate", "--images", SAMPLES.toString(), "--out", directory.toString()))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("3 images of 3 patients", "others");
        Path model = Files.createDirectories(folder.resolve(bundled()));
        Path source = Path.of("models", bundled());
        for (String file : List.of("model.pt", "README.md")) {
            Files.copy(source.resolve(file), model.resolve(file));
        }
        Files.copy(directory.resolve("calibration-images.txt"), model.resolve("calibration-images.txt"));
        String manifest = Files.readString(source.resolve("model.yaml"));
        Files.writeString(
                model.resolve("model.yaml"),
                manifest.replaceAll("(?ms)^boxes:\n.*?(?=^\\S|\\z)", "")
                        + Files.readString(directory.resolve("boxes.yaml")).replaceFirst("^---\n", ""));
        assertThat(run("models", "verify", model.toString()))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("chosen on 3 images");
    }

    private static String bundled() throws IOException {
        return Files.readAllLines(Path.of("target/classes/application.yaml")).stream()
                .filter(line -> line.contains("${MODEL_NAME:"))
                .map(line -> line.replaceAll(".*MODEL_NAME:(.*)}", "$1"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void wrongUsageIsExplained() {
        assertThat(evaluate(SAMPLES, folder.resolve("a"), "--policy", "magic")).isEqualTo(2);
        assertThat(evaluate(SAMPLES, folder.resolve("a"), "--method", "magic")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("magic");
        assertThat(evaluate(folder, folder.resolve("a"), "--policy", "wang")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("has no PNG or JPEG image to score");
    }
}
