// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.CellsPackage;
import org.cxrlocalizer.ChildJvm;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.api.DicomSamples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A directory of images in, a directory of findings out, run as from a shell. */
class LocalizeCommandTest {

    private static final String FIRST = Samples.NAMES.get(0);
    private static final String SECOND = Samples.NAMES.get(1);
    private static final String ALL_KINDS = "json,csv,overlay,sr,pr,sc";

    @TempDir
    Path folder;

    private Path in = Path.of("");
    private Path results = Path.of("");
    private Path model = Path.of("");

    @RegisterExtension
    private final Printed printed = new Printed();

    @BeforeEach
    void makeFolders() throws IOException {
        in = Files.createDirectories(folder.resolve("in"));
        results = folder.resolve("out");
        model = CellsPackage.write(folder.resolve("models"), """
                cutoffs:
                  chosenOn: one image
                  probabilities: {Cardiomegaly: 0.0, Pneumonia: 1.0}
                """);
    }

    private int localize(String... more) {
        return printed.run(arguments(more));
    }

    private String[] arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "localize",
                "--in",
                in.toString(),
                "--out",
                results.toString(),
                "--model",
                model.toString(),
                "--threads",
                "2"));
        arguments.addAll(Arrays.asList(more));
        return arguments.toArray(String[]::new);
    }

    private String printed() {
        return printed.out();
    }

    private void put(String name, byte[] content) throws IOException {
        Path file = in.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    private byte[] written(String name) throws IOException {
        return Files.readAllBytes(results.resolve(name));
    }

    private JsonNode json(String name) throws IOException {
        return JsonMapper.shared().readTree(written(name));
    }

    private List<String> summary() throws IOException {
        return Files.readAllLines(results.resolve("summary.csv"));
    }

    private Map<String, FileTime> times() throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(results)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                times.put(results.relativize(file).toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    private static byte[] jpeg(String sample) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Samples.read(sample)));
        return Samples.encoded(image, "jpg");
    }

    private static byte[] dicom() {
        return DicomSamples.identified(FIRST).file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
    }

    @Test
    void imagesOfEachFormatAreLocalizedAndABadOneDoesNotEndTheRun() throws IOException {
        put("a.png", Samples.read(FIRST));
        put("a.jpg", jpeg(FIRST));
        put("deep/er/a.png", Samples.read(SECOND));
        put("deep/chest", dicom());
        put("cut.png", Arrays.copyOf(Samples.read(FIRST), 1000));
        put("notes.txt", new byte[] {1});

        assertThat(localize("--write", ALL_KINDS)).as(printed() + printed.err()).isEqualTo(LocalizeCommand.SOME_FAILED);

        assertThat(printed())
                .contains("Failed: cut.png: The PNG is")
                .contains("1 left out: no PNG, JPEG or DICOM file by its name (notes.txt)")
                .contains("4 localized, 0 complete already, 1 failed");
        for (String image : List.of("a.png", "a.jpg", "deep/er/a.png", "deep/chest")) {
            JsonNode answer = json(image + ".json");
            assertThat(answer.at("/image/width").asInt()).isEqualTo(1024);
            assertThat(answer.at("/model/name").asString()).isEqualTo(CellsPackage.NAME);
            assertThat(answer.get("findings")).hasSize(2);
            assertThat(ImageIO.read(new ByteArrayInputStream(written(image + ".overlay.png")))
                            .getWidth())
                    .isEqualTo(1024);
            assertThat(Files.readString(results.resolve(image + ".findings.csv")))
                    .startsWith("label,probability,")
                    .contains("Cardiomegaly,", "Pneumonia,");
            for (String kind : List.of("sr", "pr", "sc")) {
                assertThat(DicomFile.read(written(image + "." + kind + ".dcm"), 0)
                                .dataSet()
                                .string(Attribute.SOP_INSTANCE_UID))
                        .isPresent();
            }
        }
        assertThat(json("a.png.json").at("/image/sha256"))
                .isNotEqualTo(json("a.jpg.json").at("/image/sha256"));
        assertThat(results.resolve("cut.png.json")).doesNotExist();
        assertThat(summary())
                .hasSize(6)
                .contains("file,state,reason,sha256,width,height,positive,warnings,Cardiomegaly,Pneumonia")
                .anyMatch(line ->
                        line.matches("deep/chest,localized,,[0-9a-f]{64},1024,1024,Cardiomegaly,.*,0\\.\\d+,0\\.\\d+"))
                .anyMatch(line -> line.startsWith("cut.png,failed,"));
    }

    @Test
    void theObjectsOfAPngReferToTheDicomImageThatIsWrittenBeside() throws IOException {
        put("a.png", Samples.read(FIRST));
        put("b.dcm", dicom());

        assertThat(localize("--write", "sr")).as(printed()).isZero();

        DataSet image = DicomFile.read(written("a.png.image.dcm"), 0).dataSet();
        String uid = image.string(Attribute.SOP_INSTANCE_UID).orElseThrow();
        assertThat(new String(written("a.png.sr.dcm"), StandardCharsets.ISO_8859_1))
                .contains(uid);
        assertThat(new String(written("b.dcm.sr.dcm"), StandardCharsets.ISO_8859_1))
                .contains("1.2.3.1");
        assertThat(results.resolve("b.dcm.image.dcm")).doesNotExist();
    }

    @Test
    void whatIsCompleteIsNotDoneAgainAndWhatChangedIs() throws IOException {
        put("a.png", Samples.read(FIRST));
        put("b.png", Samples.read(FIRST));
        put("c.png", new byte[] {1});
        assertThat(localize()).isEqualTo(LocalizeCommand.SOME_FAILED);
        Map<String, FileTime> before = times();
        put("b.png", Samples.read(SECOND));
        put("c.png", Samples.read(SECOND));

        assertThat(localize()).as(printed()).isZero();

        assertThat(printed()).contains("2 localized, 1 complete already, 0 failed");
        assertThat(times()).containsEntry("a.png.json", before.get("a.png.json"));
        assertThat(json("b.png.json").at("/image/sha256"))
                .isEqualTo(json("c.png.json").at("/image/sha256"));

        assertThat(localize("--write", "json,csv")).isZero();
        assertThat(printed()).as("the kind that is missing").contains("3 localized");
        assertThat(times())
                .containsEntry("a.png.json", before.get("a.png.json"))
                .containsKey("a.png.findings.csv");
        Files.delete(results.resolve("a.png.json"));
        assertThat(localize()).isZero();
        assertThat(printed()).as("an output that was deleted").contains("1 localized, 2 complete already");
        assertThat(localize("--method", "cam", "--policy", "otsu"))
                .as(printed())
                .isZero();
        assertThat(printed()).as("other options").contains("3 localized, 0 complete already");
        assertThat(times()).as("outputs of the other options").doesNotContainKey("a.png.findings.csv");

        put("a.png", new byte[] {1});
        assertThat(localize("--method", "cam", "--policy", "otsu")).isEqualTo(LocalizeCommand.SOME_FAILED);
        assertThat(times()).as("outputs of earlier bytes").doesNotContainKey("a.png.json");
    }

    @Test
    void aRunThatIsKilledGoesOn() throws IOException, InterruptedException {
        int images = 60;
        for (int i = 0; i < images; i++) {
            put("%02d/image.png".formatted(i), Samples.read(Samples.NAMES.get(i % 3)));
        }
        Process process = new ProcessBuilder(ChildJvm.application(List.of("-Xmx1g"), arguments()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Path log = results.resolve(".localize.jsonl");
        Await.until(
                "some images are localized",
                () -> Files.exists(log) && Files.readString(log).lines().count() >= 5);
        process.destroyForcibly().waitFor();
        long whole = Files.readString(log).lines().count() - 1;
        assertThat(whole).isBetween(1L, images - 1L);
        Files.writeString(log, Files.readString(log) + "{\"file\":\"59/im");
        for (String name : times().keySet()) {
            if (name.endsWith(".json")) {
                assertThat(json(name).get("findings")).as(name).hasSize(2);
            }
        }

        assertThat(localize()).as(printed()).isZero();

        assertThat(printed()).containsPattern("(?m)^\\d+ localized, [1-9]\\d* complete already, 0 failed");
        assertThat(summary()).hasSize(images + 1);
        assertThat(times().keySet()).hasSize(images + 2).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void linksOutOfTheDirectoryAreNotFollowed() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.write(elsewhere.resolve("secret.png"), Samples.read(FIRST));
        put("a.png", Samples.read(FIRST));
        Files.createSymbolicLink(in.resolve("inside.png"), Path.of("a.png"));
        Files.createSymbolicLink(in.resolve("outside.png"), elsewhere.resolve("secret.png"));
        Files.createSymbolicLink(in.resolve("gone.png"), Path.of("nowhere.png"));
        Files.createSymbolicLink(in.resolve("folder"), elsewhere);

        assertThat(localize()).isEqualTo(LocalizeCommand.SOME_FAILED);

        assertThat(printed())
                .contains("Failed: outside.png: it is a link out of the directories that are allowed")
                .contains("linked directories are not followed (folder)")
                .contains("2 localized, 0 complete already, 1 failed");
        assertThat(results.resolve("outside.png.json")).doesNotExist();
        assertThat(results.resolve("folder")).doesNotExist();
        assertThat(results.resolve("inside.png.json")).isRegularFile();
        assertThat(Files.isSymbolicLink(results.resolve("inside.png.json"))).isFalse();
    }

    @Test
    void anOutputThatCannotBeWrittenFailsItsImageOnly() throws IOException {
        put("a", dicom());
        put("a.json/b.png", Samples.read(FIRST));

        assertThat(localize()).isEqualTo(LocalizeCommand.SOME_FAILED);

        assertThat(printed()).contains("1 localized, 0 complete already, 1 failed");
        assertThat(summary()).hasSize(3);
    }

    @Test
    void namesOfFilesDoNotControlTheTerminal() throws IOException {
        put("\u001b[31mred.png", new byte[] {1});

        assertThat(localize()).isEqualTo(LocalizeCommand.SOME_FAILED);

        assertThat(printed()).contains("Failed: ?[31mred.png").doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"in", "in/sub/out"})
    void outputsDoNotGoWhereInputsAre(String name) {
        results = folder.resolve(name);

        assertThat(localize()).isEqualTo(2);
        assertThat(printed.err()).contains("--out must not be --in, nor lie in it.");
        assertThat(Files.exists(in.resolve("sub"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void whatTheModelLacksIsRefusedBeforeTheFirstImage() throws IOException {
        put("a.png", Samples.read(FIRST));

        assertThat(localize("--method", "telepathy")).isEqualTo(1);
        assertThat(printed.err()).contains("telepathy").doesNotContain("\tat ");
        assertThat(localize("--operating-point", "sensitive")).isEqualTo(1);
        assertThat(localize("--write", "paint")).isEqualTo(2);
        assertThat(results).doesNotExist();
        in = in.resolve("a.png");
        assertThat(localize()).as("a file").isEqualTo(2);
        in = folder.resolve("nowhere");
        assertThat(localize()).isEqualTo(1);
        assertThat(printed.err()).contains("There is no readable file");
    }
}
