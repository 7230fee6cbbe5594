// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cxrlocalizer.CellsPackage;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Evaluations of the bundled samples, run as from a shell. */
class EvaluateCommandTest {

    private static final Path SAMPLES = Path.of("src/main/resources/samples");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    @RegisterExtension
    private final Printed printed = new Printed();

    private int run(String... args) {
        return printed.run(args);
    }

    private int evaluate(Path images, Path directory, String... more) {
        List<String> args = new ArrayList<>(
                List.of("evaluate", "--images", images.toString(), "--out", directory.toString(), "--draws", "50"));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    /** By a network that takes no time, and maps of image labels. */
    private int evaluateFast(Path images, Path directory, String... more) {
        List<String> args = new ArrayList<>(List.of(more));
        args.addAll(List.of("--model", CellsPackage.write(folder, "").toString(), "--method", "cam"));
        return evaluate(images, directory, args.toArray(String[]::new));
    }

    private static JsonNode report(Path directory) throws IOException {
        return JSON.readTree(Files.readString(directory.resolve("report.json")));
    }

    private static void assertSameFigures(JsonNode figures, JsonNode expected) {
        assertThat(figures.properties()).isNotEmpty().allSatisfy(figure -> assertThat(figure.getValue())
                .as(figure.getKey())
                .isEqualTo(expected.get(figure.getKey())));
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
                        "--method",
                        "layercam",
                        "--policy",
                        "wang",
                        "--policy",
                        "{\"type\":\"percentile\",\"percentile\":90}"))
                .as(printed.err())
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
        assertThat(report.get("subgroups")
                        .valueStream()
                        .filter(table -> table.get("system").asString().equals("probabilities")))
                .extracting(table -> table.get("condition").asString())
                .contains("view PA", "sex F", "age 60-79");
        assertThat(report.at("/localization/0/figures/RoDeO/micro/value").asDouble())
                .isBetween(0.0, 1.0);
        assertThat(printed.out()).contains("Boxes per map", "False boxes per image", "RoDeO");
        assertThat(folder.resolve("a").resolve("report.html"))
                .content()
                .contains("data:image/jpeg;base64,", "centred box", "Beside the paper", "<polyline")
                .doesNotContain("http");
        assertThat(folder.resolve("a/charts/acc.svg")).content().contains("xmlns", "grid ceiling", "T(IoU)");
        assertThat(folder.resolve("a/charts/roc-cardiomegaly.svg")).content().contains("AUC", "1 of 3 images");
        assertThat(folder.resolve("a/charts/precision-cardiomegaly.svg"))
                .content()
                .contains("by chance, 0.333");
        assertThat(Files.readAllLines(folder.resolve("a/summary.md")))
                .as("a header, a rule, and a line for each system and baseline")
                .hasSize(10)
                .allSatisfy(line ->
                        assertThat(line.chars().filter(c -> c == '|').count()).isEqualTo(13));
        assertThat(folder.resolve("a/summary.tex")).content().contains("\\begin{tabular}{lrrrrrrrrrrr}", "centred box");
        assertThat(folder.resolve("a/summary.csv")).content().startsWith("system,Acc at T(IoU) = 0.1,");
        assertThat(folder.resolve("a").resolve("boxes-1.csv"))
                .content()
                .startsWith("Image Index,Finding Label,\"Bbox [x\"".replace("\"", ""));
        JsonNode truth = JSON.readTree(Files.readString(folder.resolve("a/truth-coco.json")));
        assertThat(truth.get("images")).hasSize(3);
        assertThat(truth.at("/images/0/width").asInt()).isEqualTo(1024);
        assertThat(truth.get("categories")).hasSize(14);
        assertThat(truth.get("annotations")).hasSize(report.at("/images/boxes").asInt());
        assertThat(truth.at("/annotations/0/id").asInt()).as("0 means none").isEqualTo(1);
        for (String results : List.of("results-coco.json", "results-coco-2.json")) {
            JsonNode found = JSON.readTree(Files.readString(folder.resolve("a").resolve(results)));
            assertThat(found.size())
                    .as(results)
                    .isEqualTo(Files.readAllLines(folder.resolve("a")
                                            .resolve(results.contains("2") ? "boxes-2.csv" : "boxes-1.csv"))
                                    .size()
                            - 1)
                    .isPositive();
            assertThat(found.at("/0/bbox")).hasSize(4);
        }
    }

    @Test
    void theCocoFilesOfAReportScoreTheSameWithoutAModel() throws IOException {
        assertThat(evaluateFast(SAMPLES, folder.resolve("a"), "--policy", "wang"))
                .isZero();

        assertThat(run(
                        "score",
                        "--boxes",
                        folder.resolve("a/truth-coco.json").toString(),
                        "--predictions",
                        folder.resolve("a/results-coco.json").toString(),
                        "--out",
                        folder.resolve("b").toString(),
                        "--draws",
                        "50"))
                .as(printed.err())
                .isZero();

        assertSameFigures(
                report(folder.resolve("b")).at("/localization/0/figures"),
                report(folder.resolve("a")).at("/localization/0/figures"));
    }

    @Test
    void casesWhoseReportIsGivenAreShownBesideIt() throws IOException {
        Path reports = Files.writeString(folder.resolve("reports.csv"), """
                Image Index,findings,impression
                00022215_012.png,The heart is <enlarged>. No pneumothorax.,Cardiomegaly. Possible nodule.
                00000001_000.png,Zq7Planted of another image.,Mass.
                00015069_001.png,"Lungs are clear.
                No effusion.",Normal.
                """);

        assertThat(evaluateFast(SAMPLES, folder.resolve("a"), "--policy", "wang", "--reports", reports.toString()))
                .as(printed.err())
                .isZero();

        assertThat(printed.out()).contains("2 reports of images of this evaluation are shown");
        String html = Files.readString(folder.resolve("a/report.html"));
        String table = html.substring(html.indexOf("Report, keyword"), html.indexOf("All figures"));
        assertThat(table)
                .contains(
                        "<b>findings:</b> The <mark class=\"present\" title=\"Cardiomegaly: present\">heart is &lt;enlarged</mark>&gt;. No",
                        "title=\"Pneumothorax: negated, rule &#39;no&#39;\">pneumothorax</mark>",
                        "<mark class=\"present\" title=\"Cardiomegaly: present\">Cardiomegaly</mark>",
                        "<td><p>Cardiomegaly</p><p>Nodule <small>uncertain</small></p></td>",
                        "<td><p>No Finding</p></td>",
                        "<figcaption>Cardiomegaly, IoU ")
                .containsOnlyOnce("<img ")
                .doesNotContain("Zq7Planted");
        assertThat(evaluateFast(SAMPLES, folder.resolve("b"), "--policy", "wang"))
                .isZero();
        assertThat(folder.resolve("b/report.html")).content().doesNotContain("Report, keyword", "heart is");
        try (Stream<Path> files = Files.walk(folder.resolve("a"))) {
            for (Path file : files.filter(it -> Files.isRegularFile(it) && !it.endsWith("report.html"))
                    .toList()) {
                assertThat(file).content().doesNotContain("heart is");
            }
        }
        assertThat(folder.resolve("a/report.json")).hasSameBinaryContentAs(folder.resolve("b/report.json"));
    }

    @Test
    void reportsThatCannotBeReadAreRefusedBeforeAnythingIsLocalized() throws IOException {
        Path reports = Files.writeString(folder.resolve("reports.csv"), "name,words\na,Zq7Planted\n");

        assertThat(evaluateFast(SAMPLES, folder.resolve("a"), "--policy", "wang", "--reports", reports.toString()))
                .isEqualTo(1);
        assertThat(printed.err())
                .contains("The table of reports needs a column")
                .doesNotContain("Zq7Planted");
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void theBoxesOfAReportScoreTheSameWithoutAModel() throws IOException {
        Path list = Files.writeString(
                folder.resolve("images.txt"), "00013659_019.png\n00022215_012.png\n00015069_001.png\n");
        assertThat(evaluateFast(SAMPLES, folder.resolve("a"), "--policy", "wang"))
                .isZero();

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
                .as(printed.err())
                .isZero();

        JsonNode of = report(folder.resolve("a")).at("/localization/0/figures");
        JsonNode same = report(folder.resolve("b")).at("/localization/0/figures");
        assertSameFigures(same, of);
        assertThat(same.at("/Mean IoU/micro/value").asDouble())
                .isCloseTo(of.at("/Mean IoU/micro/value").asDouble(), within(0.0));
    }

    @Test
    void imagesWithoutAPredictedBoxAreCounted() throws IOException {
        Path boxes = Files.writeString(
                folder.resolve("boxes.csv"),
                "Image Index,Finding Label,x,y,w,h,Score\n00013659_019.png,Pneumonia,1,2,300,400,0.5\n");
        Path list = Files.writeString(folder.resolve("images.txt"), "00013659_019.png\n00022215_012.png\n");

        assertThat(run(
                        "score",
                        "--predictions",
                        boxes.toString(),
                        "--split",
                        list.toString(),
                        "--out",
                        folder.resolve("a").toString(),
                        "--draws",
                        "50"))
                .as(printed.err())
                .isZero();

        assertThat(printed.out()).contains("Images without a predicted box: 1; each true box there is a miss");
        assertThat(report(folder.resolve("a")).at("/images/unpredicted").asInt())
                .isEqualTo(1);
    }

    @Test
    void resumingLocalizesFailedAndReplacedImagesAgain() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        for (String name : Samples.NAMES) {
            Files.write(images.resolve(name), Samples.read(name));
        }
        Files.writeString(images.resolve(Samples.NAMES.get(0)), "no image yet");
        assertThat(evaluateFast(images, folder.resolve("a"), "--policy", "wang"))
                .isZero();
        assertThat(report(folder.resolve("a")).at("/images/scored").asInt()).isEqualTo(2);
        Files.write(images.resolve(Samples.NAMES.get(0)), Samples.read(Samples.NAMES.get(0)));
        Files.write(images.resolve(Samples.NAMES.get(1)), Samples.read(Samples.NAMES.get(2)));

        assertThat(evaluateFast(images, folder.resolve("a"), "--policy", "wang", "--resume"))
                .as(printed.err())
                .isZero();

        assertThat(report(folder.resolve("a")).at("/images/scored").asInt()).isEqualTo(3);
        assertThat(evaluateFast(images, folder.resolve("b"), "--policy", "wang"))
                .isZero();
        assertThat(folder.resolve("a/report.json")).hasSameBinaryContentAs(folder.resolve("b/report.json"));
    }

    @Test
    void aDamagedLineOfAnEarlierRunIsNamed() throws IOException {
        assertThat(evaluateFast(SAMPLES, folder.resolve("a"), "--policy", "wang"))
                .isZero();
        Path log = folder.resolve("a/predictions.jsonl");
        List<String> lines = Files.readAllLines(log);
        for (String damaged : List.of(
                "{\"image\":", "null", "{}", "\u0000\u0001", lines.get(2).replace("sha256", "x"))) {
            Files.writeString(log, lines.get(0) + "\n" + lines.get(1) + "\n" + damaged + "\n" + lines.get(3) + "\n");

            assertThat(evaluateFast(SAMPLES, folder.resolve("a"), "--policy", "wang", "--resume"))
                    .isEqualTo(1);

            assertThat(printed.err()).startsWith(log + ", line 3 is damaged").hasLineCount(1);
        }
    }

    @Test
    void linkedFoldersAreFollowedAndOmissionsAreReported() throws IOException {
        Path real = Files.createDirectories(folder.resolve("real/deeper"));
        Files.write(real.resolve("00013659_019.PNG"), Samples.read("00013659_019.png"));
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.write(elsewhere.resolve("00022215_012.png"), Samples.read("00022215_012.png"));
        Files.writeString(elsewhere.resolve("notes.txt"), "no image");
        Files.createSymbolicLink(real.resolve("linked"), elsewhere);
        Files.createSymbolicLink(real.resolve("again"), elsewhere);
        Files.createSymbolicLink(elsewhere.resolve("back"), folder.resolve("real"));
        Files.createSymbolicLink(elsewhere.resolve("gone"), folder.resolve("nothing"));
        Path images = Files.createSymbolicLink(folder.resolve("images"), folder.resolve("real"));
        Path split = Files.writeString(folder.resolve("split.txt"), "00022215_012.png\n00000001_000.png\n");

        assertThat(evaluateFast(images, folder.resolve("a"), "--policy", "wang"))
                .as(printed.err())
                .isZero();

        assertThat(report(folder.resolve("a")).at("/images/scored").asInt()).isEqualTo(2);
        assertThat(printed.out())
                .contains(
                        "2 left out: no PNG, JPEG or DICOM file by its name",
                        "notes.txt",
                        "2 left out: a link to a directory that it lies in",
                        "2 left out: no regular file");
        assertThat(evaluateFast(images, folder.resolve("b"), "--policy", "wang", "--split", split.toString()))
                .isZero();
        assertThat(printed.out())
                .contains(
                        "1 left out: not in the split (00013659_019.png)",
                        "1 left out: in the split, but without a file (00000001_000.png)");
    }

    @Test
    void dicomFilesAreScored() throws IOException {
        Path images = Files.createDirectories(folder.resolve("images"));
        byte[] dicom = chest();
        Files.write(images.resolve("00000001_000.dcm"), dicom);
        Files.write(images.resolve("00000002_000.DICOM"), dicom);
        Files.write(images.resolve("IM0001"), dicom);
        Files.writeString(images.resolve("DICOMDIR"), "DICM");

        assertThat(evaluateFast(images, folder.resolve("a"), "--policy", "wang"))
                .as(printed.err())
                .isZero();

        assertThat(report(folder.resolve("a")).at("/images/scored").asInt()).isEqualTo(3);
        assertThat(printed.out()).contains("1 left out: no PNG", "(DICOMDIR)");
    }

    private static byte[] chest() {
        int side = 64;
        return new DicomBuilder()
                .add(Attribute.MODALITY, "DX")
                .add(Attribute.BODY_PART_EXAMINED, "CHEST")
                .add(Attribute.VIEW_POSITION, "PA")
                .add(Attribute.SAMPLES_PER_PIXEL, 1)
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
                .add(Attribute.ROWS, side)
                .add(Attribute.COLUMNS, side)
                .add(Attribute.BITS_ALLOCATED, 16)
                .add(Attribute.BITS_STORED, 12)
                .add(Attribute.HIGH_BIT, 11)
                .add(Attribute.PIXEL_REPRESENTATION, 0)
                .add(
                        Attribute.PIXEL_DATA,
                        IntStream.range(0, side * side).map(i -> 37 * i % 4096).toArray())
                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
    }

    @Test
    void imagesOfAnyNameAreScoredAgainstLabelsOfAnyName() throws IOException {
        Path images = Files.createDirectories(folder.resolve("images/test"));
        Files.write(images.resolve("0007d316f756b3fa.png"), Samples.read("00013659_019.png"));
        Files.write(images.resolve("002a34c58c5b7589.dicom"), chest());
        Files.write(images.resolve("004f33259ee4aef6.dicom"), chest());
        Path truth = Files.writeString(folder.resolve("annotations_test.csv"), """
                image_id,class_name,x_min,y_min,x_max,y_max
                0007d316f756b3fa,Large heart,100,100,700,700
                0007d316f756b3fa,Rib fracture,10,10,70,70
                002a34c58c5b7589,Large heart,10,10,50,50
                004f33259ee4aef6,Large heart,10,10,500,50
                """);
        Path labels =
                Files.writeString(folder.resolve("labels.csv"), "Model Label,Truth Label\nCardiomegaly,Large heart\n");
        String model = CellsPackage.write(folder, "").toString();

        assertThat(evaluate(
                        Objects.requireNonNull(images.getParent()),
                        folder.resolve("a"),
                        "--model",
                        model,
                        "--boxes",
                        truth.toString(),
                        "--label-map",
                        labels.toString()))
                .as(printed.err())
                .isZero();

        JsonNode report = report(folder.resolve("a"));
        assertThat(report.at("/images/scored").asInt()).isEqualTo(2);
        assertThat(report.at("/images/patients").asInt()).isEqualTo(2);
        assertThat(report.at("/images/boxes").asInt()).isEqualTo(2);
        assertThat(report.at("/images/failed/004f33259ee4aef6.png").asString())
                .isEqualTo("it has 64 × 64 pixels and a true box leaves it");
        assertThat(report.at("/problems/0/reason").asString()).contains("1 boxes of 'Rib fracture' are not scored");
        assertThat(report.at("/localization/0/figures/Mean IoU/Cardiomegaly/value")
                        .asDouble())
                .isPositive();
        assertThat(report.at("/baselines/0/system").asString()).isEqualTo("centred box");
        assertThat(report.at("/baselines/0/figures/Mean IoU/Cardiomegaly/value").asDouble())
                .as("each in its own image")
                .isCloseTo((centred(1024, 100, 600) + centred(64, 10, 40)) / 2, within(1e-12));
        JsonNode coco = JSON.readTree(Files.readString(folder.resolve("a/truth-coco.json")));
        assertThat(coco.at("/images/1/width").asInt()).isEqualTo(64);
        assertThat(evaluate(
                        Objects.requireNonNull(images.getParent()),
                        folder.resolve("a"),
                        "--model",
                        model,
                        "--boxes",
                        truth.toString(),
                        "--resume"))
                .as("predictions under other labels are of another run")
                .isEqualTo(1);
    }

    /** The IoU of the centred box with a square. */
    private static double centred(double side, double start, double length) {
        double overlap = Math.min(side * 0.75, start + length) - Math.max(side * 0.25, start);
        return overlap * overlap / (side * side / 4 + length * length - overlap * overlap);
    }

    @Test
    void aFileThatIsTooLargeFailsAloneAndUnread() throws IOException {
        Path images = Files.createDirectories(folder.resolve("images"));
        Files.write(images.resolve("00013659_019.png"), Samples.read("00013659_019.png"));
        try (RandomAccessFile sparse =
                new RandomAccessFile(images.resolve("00022215_012.png").toFile(), "rw")) {
            sparse.setLength(5L << 30);
        }

        assertThat(evaluateFast(images, folder.resolve("a"), "--policy", "wang"))
                .as(printed.err())
                .isZero();

        JsonNode counts = report(folder.resolve("a")).get("images");
        assertThat(counts.get("scored").asInt()).isEqualTo(1);
        assertThat(counts.at("/failed/00022215_012.png").asString()).contains("more than the", "bytes");
    }

    @Test
    void whatNeedsMoreMemoryThanThereIsIsRefusedBeforeAnythingIsLocalized() {
        assertThat(run(
                        "evaluate",
                        "--images",
                        SAMPLES.toString(),
                        "--out",
                        folder.resolve("a").toString(),
                        "--method",
                        "layercam",
                        "--policy",
                        "wang",
                        "--draws",
                        "100000000"))
                .isEqualTo(1);

        assertThat(printed.err())
                .contains("100000000 draws needs about", "MB of memory", "-Xmx")
                .doesNotContain("Exception");
        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void twoModelsAreComparedInPairsByTheirBoxes() throws IOException {
        Path list = Files.writeString(
                folder.resolve("images.txt"), "00013659_019.png\n00022215_012.png\n00015069_001.png\n");
        assertThat(evaluateFast(SAMPLES, folder.resolve("both"), "--policy", "wang", "--policy", "otsu"))
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
                .as(printed.err())
                .isZero();

        JsonNode compared = report(folder.resolve("compared")).at("/differences/0");
        assertThat(compared.get("condition").asString()).isEqualTo("minus against");
        JsonNode ofModels = report(folder.resolve("both")).at("/differences/0/figures");
        assertSameFigures(compared.get("figures"), ofModels);
    }

    @Test
    void finishedRunsAreComparedInPairsAsSystemsOfOneRunAre() throws IOException {
        Path both = folder.resolve("both");
        Path otsu = folder.resolve("otsu");
        assertThat(evaluateFast(SAMPLES, both, "--policy", "wang", "--policy", "otsu"))
                .isZero();
        assertThat(evaluateFast(SAMPLES, otsu, "--policy", "otsu")).isZero();

        assertThat(compare(both, otsu)).as(printed.err()).isZero();

        JsonNode differences = report(folder.resolve("compared")).get("differences");
        assertThat(differences.get(0).get("condition").asString()).isEqualTo("minus " + both + ": cam, otsu");
        assertThat(differences.get(1).get("condition").asString()).isEqualTo("minus " + otsu + ": cam, otsu");
        JsonNode ofOneRun = report(both).at("/differences/0/figures");
        assertSameFigures(differences.get(1).get("figures"), ofOneRun);
    }

    @Test
    void runsOfOtherImagesOrWithoutAReportAreNotCompared() throws IOException {
        Path all = folder.resolve("all");
        Path some = folder.resolve("some");
        Path list = Files.writeString(folder.resolve("images.txt"), "00013659_019.png\n00015069_001.png\n");
        assertThat(evaluateFast(SAMPLES, all, "--policy", "otsu")).isZero();
        assertThat(evaluateFast(SAMPLES, some, "--policy", "otsu", "--split", list.toString()))
                .isZero();

        assertThat(compare(all, some)).isEqualTo(1);
        assertThat(printed.err())
                .contains(some + " lacks 1 of the images and has 0 others: name those to compare with --split.");
        assertThat(compare(all, some, "--split", list.toString())).isZero();
        assertThat(report(folder.resolve("compared")).at("/images/scored").asInt())
                .isEqualTo(2);

        assertThat(compare(all, folder)).isEqualTo(1);
        assertThat(printed.err()).contains(folder + " is not a finished evaluation");
    }

    private int compare(Path first, Path second, String... more) {
        List<String> args = new ArrayList<>(List.of("score", "--compare", first.toString(), second.toString()));
        args.addAll(List.of("--out", folder.resolve("compared").toString(), "--draws", "50"));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    @Test
    void aRunThatWasCutOffGoesOnToTheSameReport() throws IOException {
        assertThat(evaluateFast(SAMPLES, folder.resolve("whole"), "--policy", "wang"))
                .isZero();
        List<String> lines = Files.readAllLines(folder.resolve("whole/predictions.jsonl"));
        Path cut = Files.createDirectories(folder.resolve("cut"));
        Files.writeString(
                cut.resolve("predictions.jsonl"),
                lines.get(0) + "\n" + lines.get(2) + "\n" + lines.get(1).substring(0, 500));

        assertThat(evaluateFast(SAMPLES, cut, "--policy", "wang")).isEqualTo(1);
        assertThat(printed.err()).contains("exists already; --resume continues it");
        assertThat(evaluateFast(SAMPLES, cut, "--policy", "otsu", "--resume")).isEqualTo(1);
        assertThat(printed.err()).contains("is of another run");
        assertThat(evaluateFast(SAMPLES, cut, "--policy", "wang", "--resume")).isZero();

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
                .as(printed.err())
                .isZero();

        for (String file : List.of("report.json", "report.html", "figures.csv", "boxes-1.csv", "manifest.json")) {
            assertThat(folder.resolve("again").resolve(file)).hasSameBinaryContentAs(first.resolve(file));
        }
        Path fewer = Files.createDirectories(folder.resolve("fewer"));
        Files.copy(SAMPLES.resolve("00013659_019.png"), fewer.resolve("00013659_019.png"));
        assertThat(evaluate(fewer, folder.resolve("other"), "--replay", manifest))
                .isEqualTo(1);
        assertThat(printed.err()).contains("The run cannot be replayed: it differs in the images");
        assertThat(folder.resolve("other")).as("nothing was localized").doesNotExist();
        assertThat(evaluate(
                        SAMPLES,
                        folder.resolve("third"),
                        "--replay",
                        first.resolve("figures.csv").toString()))
                .isEqualTo(1);
        assertThat(printed.err()).contains("is not the manifest of a report");
    }

    @Test
    void aBadImageIsReportedAndCountedAndTheOthersAreScored() throws IOException {
        Path images = Files.createDirectories(folder.resolve("images"));
        Files.copy(SAMPLES.resolve("00013659_019.png"), images.resolve("00013659_019.png"));
        Files.writeString(images.resolve("00022215_012.png"), "not an image");

        assertThat(evaluateFast(images, folder.resolve("a"), "--policy", "wang"))
                .isZero();

        JsonNode counts = report(folder.resolve("a")).get("images");
        assertThat(counts.get("scored").asInt()).isEqualTo(1);
        assertThat(counts.at("/failed/00022215_012.png").asString()).isNotBlank();
        assertThat(printed.out()).contains("1 failed", "00022215_012.png:");
    }

    @Test
    void aPolicyIsNotScoredOnThePatientsThatItWasChosenOn() throws IOException {
        String calibration = Files.readAllLines(Path.of("models", bundled(), "calibration-images.txt"))
                .get(0);
        Path images = Files.createDirectories(folder.resolve("images"));
        Files.copy(SAMPLES.resolve("00013659_019.png"), images.resolve(calibration));
        Files.copy(SAMPLES.resolve("00022215_012.png"), images.resolve("00000000_000.png"));

        assertThat(evaluate(images, folder.resolve("a"), "--method", "layercam", "--policy", "calibrated"))
                .isEqualTo(1);
        assertThat(printed.err()).contains("was chosen on the patients of 1 of these images");
        assertThat(folder.resolve("a")).doesNotExist();
        assertThat(evaluate(
                        images,
                        folder.resolve("a"),
                        "--method",
                        "layercam",
                        "--policy",
                        "wang",
                        "--leave-out-calibration"))
                .isZero();
        assertThat(report(folder.resolve("a")).at("/images/scored").asInt()).isEqualTo(1);
    }

    @Test
    void calibratedPoliciesAreAPartOfAManifest() throws IOException {
        Path directory = folder.resolve("calibrated");

        assertThat(run("calibrate", "--images", SAMPLES.toString(), "--out", directory.toString()))
                .as(printed.err())
                .isZero();

        assertThat(printed.out()).contains("3 images of 3 patients", "others");
        Path model = Files.createDirectories(folder.resolve(bundled()));
        Path source = Path.of("models", bundled());
        for (String file : List.of("model.pt", "README.md")) {
            Files.copy(source.resolve(file), model.resolve(file));
        }
        Files.copy(directory.resolve("calibration-images.txt"), model.resolve("calibration-images.txt"));
        String manifest = Files.readString(source.resolve("model.yaml"));
        Files.writeString(
                model.resolve("model.yaml"),
                manifest.replaceAll("(?ms)^boxes:\n.*?(?=^\\S|\\z)", "").replaceFirst("(?m)^manifestSha256: .*\n", "")
                        + Files.readString(directory.resolve("boxes.yaml")).replaceFirst("^---\n", ""));
        assertThat(run("models", "verify", model.toString())).as(printed.err()).isZero();
        assertThat(printed.out()).contains("chosen on 3 images");
    }

    private static String bundled() throws IOException {
        return Files.readAllLines(Path.of("target/classes/application.yaml")).stream()
                .filter(line -> line.contains("${MODEL_NAME:"))
                .map(line -> line.replaceAll(".*MODEL_NAME:(.*)}", "$1"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aListWithoutOneUsableLineIsRefused() throws IOException {
        Path list = Files.writeString(
                folder.resolve("boxes.csv"),
                "Image Index,Finding Label,x,y,w,h,Score\n00013659_019.png,Cough,1,2,3,4,1\n");

        assertThat(run(
                        "score",
                        "--predictions",
                        list.toString(),
                        "--out",
                        folder.resolve("a").toString()))
                .isEqualTo(1);

        assertThat(printed.err())
                .contains("No line of boxes.csv can be used. boxes.csv, line 2: 'Cough' is not a label of the dataset");
    }

    @Test
    void wrongUsageIsExplained() {
        assertThat(evaluateFast(SAMPLES, folder.resolve("a"), "--policy", "magic"))
                .isEqualTo(2);
        assertThat(evaluate(SAMPLES, folder.resolve("a"), "--method", "magic")).isEqualTo(1);
        assertThat(printed.err()).contains("magic");
        assertThat(evaluateFast(folder, folder.resolve("a"), "--policy", "wang"))
                .isEqualTo(1);
        assertThat(printed.err()).contains("has no PNG, JPEG or DICOM image to score");
    }

    @Test
    void aMethodThatWasFittedOnBoxesIsNotScoredOnTheirPatients() throws IOException {
        String model = CellsPackage.write(folder, "").toString();

        assertThat(evaluate(SAMPLES, folder.resolve("a"), "--model", model, "--policy", "otsu"))
                .isNotZero();
        assertThat(printed.err()).contains("method 'calibrated' was fitted on boxes", "00022215_012.png");

        assertThat(evaluate(SAMPLES, folder.resolve("b"), "--model", model, "--method", "cam"))
                .as(printed.err())
                .isZero();
        JsonNode labelsOnly = report(folder.resolve("b")).at("/manifest/systems/0");
        assertThat(labelsOnly.get("name").asString()).startsWith("cam, ").doesNotContain("boxes)");
        assertThat(labelsOnly.at("/policy/type").asString()).isEqualTo("fraction");
        assertThat(labelsOnly.has("fittedOnBoxes")).isFalse();
        assertThat(evaluate(
                        SAMPLES,
                        folder.resolve("c"),
                        "--model",
                        model,
                        "--leave-out-calibration",
                        "--policy",
                        "expected-iou"))
                .as(printed.err())
                .isZero();
        JsonNode report = report(folder.resolve("c"));
        assertThat(report.at("/images/scored").asInt()).isEqualTo(2);
        assertThat(report.at("/manifest/systems/0/name").asString())
                .isEqualTo("calibrated, expected-iou (calibrated on boxes)");
        assertThat(report.at("/manifest/systems/0/fittedOnBoxes").asBoolean()).isTrue();
        assertThat(folder.resolve("c/report.html")).content().contains("(calibrated on boxes)");
    }

    @Test
    void theRandomMapHasNoBoxOfALabelThatAModelLacks() throws IOException {
        Path truth = Files.writeString(folder.resolve("boxes.csv"), """
                Image Index,Finding Label,Bbox [x,y,w,h]
                00013659_019.png,Pneumonia,100,100,700,700
                00013659_019.png,Mass,100,100,700,700
                """);

        assertThat(evaluate(
                        SAMPLES,
                        folder.resolve("a"),
                        "--model",
                        CellsPackage.write(folder, "").toString(),
                        "--boxes",
                        truth.toString(),
                        "--leave-out-calibration"))
                .as(printed.err())
                .isZero();

        JsonNode report = report(folder.resolve("a"));
        assertThat(report.at("/manifest/systems/0/policy/type").asString()).isEqualTo("calibrated");
        assertThat(report.at("/baselines/2/system").asString()).isEqualTo("random map");
    }

    @Test
    void anOperatingPointDecidesWhichFindingsArePositive() throws IOException {
        String model = CellsPackage.write(
                        folder, new String(Samples.content("fixtures/points-platt.yaml"), StandardCharsets.UTF_8))
                .toString();
        for (String point : List.of("sensitive", "specific")) {
            assertThat(evaluate(
                            SAMPLES,
                            folder.resolve(point),
                            "--model",
                            model,
                            "--method",
                            "cam",
                            "--operating-point",
                            point))
                    .as(printed.err())
                    .isZero();
            assertThat(printed.out()).contains("if positive, " + point);
            assertThat(report(folder.resolve(point))
                            .at("/manifest/operatingPoint")
                            .asString())
                    .isEqualTo(point);
        }
        assertThat(positives(folder.resolve("sensitive")))
                .containsAll(positives(folder.resolve("specific")))
                .hasSizeGreaterThan(positives(folder.resolve("specific")).size());
        assertThat(evaluate(SAMPLES, folder.resolve("sensitive"), "--model", model, "--method", "cam", "--resume"))
                .as("predictions at another point are of another run")
                .isEqualTo(1);
        assertThat(evaluate(
                        SAMPLES,
                        folder.resolve("again"),
                        "--model",
                        model,
                        "--replay",
                        folder.resolve("specific/manifest.json").toString()))
                .as(printed.err())
                .isZero();
        assertThat(folder.resolve("again/report.json")).hasSameBinaryContentAs(folder.resolve("specific/report.json"));
        assertThat(evaluate(SAMPLES, folder.resolve("x"), "--model", model, "--operating-point", "lucky"))
                .isEqualTo(1);
        assertThat(printed.err()).contains("There is no operating point 'lucky'");
    }

    /** Images and labels that are positive. */
    private static List<String> positives(Path directory) throws IOException {
        return Files.readAllLines(directory.resolve("predictions.jsonl")).stream()
                .skip(1)
                .map(JSON::readTree)
                .flatMap(prediction -> prediction.get("positive").properties().stream()
                        .filter(label -> label.getValue().asBoolean())
                        .map(label -> prediction.get("image").asString() + " " + label.getKey()))
                .toList();
    }

    @Test
    void aPolicyThatCannotCutAMethodsMapsIsRefused() throws IOException {
        Path directory = CellsPackage.write(folder, "");
        String model = directory.toString();

        assertThat(evaluate(
                        SAMPLES, folder.resolve("a"), "--model", model, "--method", "cam", "--policy", "expected-iou"))
                .isNotZero();
        assertThat(printed.err()).contains("The policy expected-iou cannot cut maps");

        Path manifest = directory.resolve("model.yaml");
        Files.writeString(manifest, Files.readString(manifest).replace("default: calibrated", "default: cam"));
        assertThat(evaluate(SAMPLES, folder.resolve("a"), "--model", model)).isNotZero();
        assertThat(printed.err()).contains("the default box policy cannot cut the maps of the default method 'cam'");
    }

    @Test
    void calibratingTriesMethodsThatWereNotFittedOnBoxes() throws IOException {
        String model = CellsPackage.write(folder, "").toString();
        String out = folder.resolve("a").toString();

        assertThat(run("calibrate", "--images", SAMPLES.toString(), "--out", out, "--model", model))
                .as(printed.err())
                .isZero();
        assertThat(folder.resolve("a/boxes.yaml")).content().contains(", cam").doesNotContain("expected-iou");

        assertThat(run(
                        "calibrate",
                        "--images",
                        SAMPLES.toString(),
                        "--out",
                        out,
                        "--model",
                        model,
                        "--method",
                        "calibrated"))
                .isNotZero();
        assertThat(printed.err()).contains("was fitted on boxes");
    }
}
