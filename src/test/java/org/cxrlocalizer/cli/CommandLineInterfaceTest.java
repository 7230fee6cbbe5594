// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands, run as from a shell. */
class CommandLineInterfaceTest {

    private static final String BUNDLED = "cxr14-cells";

    @TempDir
    Path folder;

    @RegisterExtension
    private final Printed printed = new Printed();

    private int run(String... arguments) {
        return printed.run(arguments);
    }

    private String printed() {
        return printed.out();
    }

    /** Without what jobs of services that other tests left running say while the command sets the logging up. */
    private String complained() {
        return printed.err()
                .lines()
                .filter(line -> !line.contains("|-WARN in Logger"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private Path bundledPackage() {
        return Path.of("models", BUNDLED);
    }

    @Test
    void theServicesSettingsAreNoCommand() {
        assertThat(CommandLineInterface.wants()).isFalse();
        assertThat(CommandLineInterface.wants("--server.port=8081")).isFalse();
        assertThat(CommandLineInterface.wants("--server.port=8081", "--debug")).isFalse();
        assertThat(CommandLineInterface.wants("models", "list")).isTrue();
        assertThat(CommandLineInterface.wants("--model.directory=/models", "models", "list"))
                .isTrue();
        assertThat(CommandLineInterface.wants("--help")).isTrue();
    }

    @Test
    void helpNamesTheCommands() {
        assertThat(run("--help")).isZero();
        assertThat(printed()).contains("models", "Research software");
    }

    /** The service's configuration is such that no part of it could be made. */
    @ParameterizedTest
    @ValueSource(
            strings = {"--version", "--help", "evaluate --help", "models verify --help", "keys make -h", "score -h"})
    void helpAndTheVersionStartNoPartOfTheService(String line) {
        System.setProperty("inference.workers", "-1");
        try {
            assertThat(run(line.split(" ", -1))).isZero();
            assertThat(printed()).containsPattern("Usage: cxr-localizer|^(\\d+\\.\\d+|development)");
            assertThat(run("models", "verify", BUNDLED))
                    .as("a command that needs it")
                    .isEqualTo(1);
        } finally {
            System.clearProperty("inference.workers");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"paint", "models paint", "models verify", "models add"})
    void wrongUsageIsExplained(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(2);
        assertThat(complained()).contains("Usage: cxr-localizer");
    }

    @Test
    void reportsAreLabelled() throws IOException {
        Path reports = Files.writeString(folder.resolve("reports.csv"), "id,text\n1,Small effusion.\n");
        Path labels = folder.resolve("labels.csv");

        assertThat(run("label-reports", "--in", reports.toString(), "--out", labels.toString()))
                .as(complained())
                .isZero();
        assertThat(printed()).contains("1 reports labelled");
        assertThat(labels).content().contains("1,Effusion,");
        assertThat(run("label-reports", "--in", reports + "x", "--out", labels.toString()))
                .isEqualTo(1);
        assertThat(run("label-reports", "--in", labels.toString(), "--out", reports.toString()))
                .isEqualTo(1);
        assertThat(complained()).contains("The table of reports needs a column");
        assertThat(run("label-reports", "--in", "a", "--out", "b", "--positives", "all"))
                .isEqualTo(2);
    }

    @Test
    void theBundledModelIsListed() {
        assertThat(run("models", "list")).isZero();
        assertThat(printed()).contains(BUNDLED, "14 labels", "cam");
    }

    @Test
    void aKeyIsMadeWithTheHashOfItAlone() {
        assertThat(run("keys", "make", "viewer", "--scopes", "localize,pacs")).isZero();

        String key = lineOf("key");
        JsonNode entry = JsonMapper.shared().readTree(lineOf("entry"));
        assertThat(entry.path("name").asString()).isEqualTo("viewer");
        assertThat(entry.path("scopes").values()).extracting(JsonNode::asString).containsOnly("localize", "pacs");
        assertThat(entry.path("sha256").asString()).isEqualTo(DigestUtils.sha256Hex(key));
    }

    private String lineOf(String name) {
        return printed()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aNameThatNoKeyMayHaveIsExplained() {
        assertThat(run("keys", "make", "a b", "--scopes", "localize")).isEqualTo(2);
        assertThat(complained())
                .contains("'a b' cannot be the name of a key: a key needs a 'name' of letters")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    void commandsTakeTheServicesSettings() throws IOException {
        Path models = Files.createDirectories(folder.resolve("models"));
        FileSystemUtils.copyRecursively(copyOfTheBundledPackage(), models.resolve("other"));
        Path manifest = models.resolve("other").resolve("model.yaml");
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replaceFirst("(?m)^name: .*", "name: other")
                        .replaceFirst("(?m)^manifestSha256: .*\n", ""));
        String setting = "--model.directory=" + models;

        assertThat(run("models", "list", setting)).as(complained()).isZero();
        assertThat(printed()).contains("other");
        assertThat(run(setting, "models", "verify", "other")).as(complained()).isZero();
        assertThat(run(
                        "evaluate",
                        setting,
                        "--model",
                        "other",
                        "--images",
                        "src/main/resources/samples",
                        "--draws",
                        "20",
                        "--method",
                        "layercam",
                        "--policy",
                        "wang",
                        "--out",
                        folder.resolve("out").toString()))
                .as(complained())
                .isZero();
        assertThat(complained())
                .as("progress in a pipe")
                .contains("Images: 3 of 3")
                .doesNotContain("\r", "\u001b", "\b");
        assertThat(run(
                        "localize",
                        setting,
                        "--model",
                        "other",
                        "--in",
                        "src/main/resources/samples",
                        "--out",
                        folder.resolve("localized").toString(),
                        "--write",
                        "json"))
                .as(complained())
                .isZero();
        Path third = folder.resolve("third");
        FileSystemUtils.copyRecursively(models.resolve("other"), third);
        Files.writeString(
                third.resolve("model.yaml"), Files.readString(manifest).replaceFirst("(?m)^name: .*", "name: third"));
        assertThat(run("models", "add", setting, third.toString()))
                .as(complained())
                .isZero();
        assertThat(models.resolve("third")).isDirectory();
    }

    @Test
    void noModelIsLoadedForACommandThatNeedsNone() {
        System.setProperty("model.name", "nowhere");
        try {
            assertThat(run("models", "list")).isZero();
        } finally {
            System.clearProperty("model.name");
        }
    }

    @Test
    void verifyingPrintsTheFiguresOfTheCard() throws IOException {
        assertThat(run("models", "verify", BUNDLED)).isZero();
        assertThat(printed()).contains("as the manifest states", "macro AUC", "| Effusion |");
        assertThat(run("models", "verify", bundledPackage().toString())).isZero();
    }

    @Test
    void anUnknownModelIsRefused() {
        assertThat(run("models", "verify", "nowhere")).isEqualTo(1);
        assertThat(complained()).contains("model 'nowhere' is refused: model.yaml is missing");
    }

    @Test
    void aPackageOfAnotherHashIsRefusedAndNotInstalled() throws IOException {
        Path broken = copyOfTheBundledPackage();
        byte[] bytes = Files.readAllBytes(broken.resolve("model.pt"));
        bytes[bytes.length / 2]++;
        Files.write(broken.resolve("model.pt"), bytes);

        assertThat(run(
                        "models",
                        "add",
                        broken.toString(),
                        "--into",
                        folder.resolve("models").toString()))
                .isEqualTo(1);
        assertThat(complained()).contains("model.pt has the SHA-256");
        assertThat(folder.resolve("models")).doesNotExist();
    }

    @Test
    void aListOfCalibrationImagesThatWasChangedIsRefused() throws IOException {
        Path broken = copyOfTheBundledPackage();
        Files.writeString(broken.resolve("calibration-images.txt"), "00000001_000.png\n");

        assertThat(run("models", "verify", broken.toString())).isEqualTo(1);
        assertThat(complained()).contains("calibration-images.txt has the SHA-256");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    '(?m)^- Mass\n- Nodule$',                '- Nodule\n- Mass'
                    '(?m)^  resize: stretch$',               '  resize: letterbox'
                    '(?s)    Mass:(.*?)\n    Nodule:(.*?)\n', '    Nodule:$1\n    Mass:$2\n'
                    """)
    void aManifestThatWasChangedIsRefused(String part, String by) throws IOException {
        Path swapped = copyOfTheBundledPackage();
        String manifest = Files.readString(swapped.resolve("model.yaml"));
        String changed = manifest.replaceFirst(part, by.replace("\\n", "\n"));
        assertThat(changed).isNotEqualTo(manifest);
        Files.writeString(swapped.resolve("model.yaml"), changed);

        assertThat(run("models", "verify", swapped.toString())).isEqualTo(1);
        assertThat(complained()).contains("manifestSha256 states");
    }

    @Test
    void verifyingAPackageWithoutAHashOfItsManifestWarns() throws IOException {
        Path old = copyOfTheBundledPackage();
        String manifest = Files.readString(old.resolve("model.yaml"));
        Files.writeString(old.resolve("model.yaml"), manifest.replaceFirst("(?m)^manifestSha256: .*\n", ""));

        assertThat(run("models", "verify", old.toString())).isZero();
        assertThat(printed()).contains("without manifestSha256");
    }

    @Test
    void aDirectoryOrAnArchiveIsInstalledOnce() throws IOException {
        Path models = folder.resolve("models");

        assertThat(run("models", "add", archiveOfTheBundledPackage().toString(), "--into", models.toString()))
                .isZero();
        assertThat(filesIn(models.resolve(BUNDLED)))
                .containsExactly("README.md", "calibration-images.txt", "model.pt", "model.yaml");
        assertThat(filesIn(models)).containsExactly(BUNDLED);

        String source = bundledPackage().toString();
        assertThat(run("models", "add", source, "--into", models.toString())).isEqualTo(1);
        assertThat(complained()).contains("exists already");
        Files.writeString(models.resolve(BUNDLED).resolve("README.md"), "an older card");
        assertThat(run("models", "add", source, "--into", models.toString(), "--replace"))
                .isZero();
        assertThat(models.resolve(BUNDLED).resolve("README.md"))
                .hasSameTextualContentAs(bundledPackage().resolve("README.md"));
        assertThat(filesIn(models)).containsExactly(BUNDLED);
    }

    @Test
    void whatComesBeforeAPackageThatIsRefusedIsInstalled() throws IOException {
        Path models = folder.resolve("models");
        Path text = Files.writeString(folder.resolve("model.zip"), "not a ZIP archive");

        assertThat(run("models", "add", bundledPackage().toString(), text.toString(), "--into", models.toString()))
                .isEqualTo(1);
        assertThat(complained()).contains("neither a directory nor a ZIP archive");
        assertThat(filesIn(models)).containsExactly(BUNDLED);
    }

    @Test
    void aFileThatIsNoArchiveIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("model.zip"), "not a ZIP archive");

        assertThat(run("models", "add", text.toString(), "--into", folder.toString()))
                .isEqualTo(1);
        assertThat(complained()).contains("neither a directory nor a ZIP archive");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EMPTY | it is empty; download it again",
                "version https://git-lfs.github.com/spec/v1 | it is a Git LFS pointer",
                "<!DOCTYPE html><html> | it is a web page",
                "CHECKPOINT | it is a file of PyTorch (a checkpoint or TorchScript)",
                "PICKLE | it is a file of PyTorch (a checkpoint or TorchScript)",
                "CUT | it is a ZIP archive that is cut short or damaged",
                "nonsense | it is neither a directory nor a ZIP archive of a package",
                "MISSING | there is no file or directory"
            })
    void whatIsNotAPackageIsRefusedInOneLine(String content, String reason) throws IOException {
        Path file = folder.resolve("model.pt");
        switch (content) {
            case "EMPTY" -> Files.createFile(file);
            case "CHECKPOINT" -> {
                try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
                    for (String entry : List.of("archive/data.pkl", "archive/version", "archive/data/0")) {
                        zip.putNextEntry(new ZipEntry(entry));
                        zip.write(1);
                    }
                }
            }
            case "PICKLE" -> Files.write(file, new byte[] {(byte) 0x80, 2, 'c'});
            case "CUT" -> {
                byte[] whole = Files.readAllBytes(archiveOfTheBundledPackage());
                Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            }
            case "MISSING" -> Files.deleteIfExists(file);
            default -> Files.writeString(file, content);
        }

        assertThat(run(
                        "models",
                        "add",
                        file.toString(),
                        "--into",
                        folder.resolve("m").toString()))
                .isEqualTo(1);

        assertThat(complained())
                .contains("model 'model.pt' is refused: " + reason)
                .hasLineCount(1);
    }

    @Test
    void aGitLfsPointerInsteadOfANetworkIsNamed() throws IOException {
        Path broken = copyOfTheBundledPackage();
        Files.writeString(
                broken.resolve("model.pt"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");

        assertThat(run("models", "verify", broken.toString())).isEqualTo(1);

        assertThat(complained()).contains("model.pt is a Git LFS pointer and not the file itself");
    }

    @Test
    void statisticsArePrintedWithTheLinesThatWereLeftOut() throws IOException {
        Path entries = Files.writeString(folder.resolve("entries.csv"), """
                Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position
                00000001_000.png,Mass|Nodule,0,1,58,M,PA
                00000001_001.png,Mass,1,1,59,M,AP
                00000002_000.png,Cough,0,2,30,F,PA
                """);

        assertThat(run("statistics", "--entries", entries.toString())).isZero();
        assertThat(printed())
                .contains("2 images of 1 patients, 0 without a finding", "1 problems", "entries.csv, line 4: 'Cough'")
                .containsPattern("(?m)^Mass( +0){4} +1 +1( +0){8} +2$");
        assertThat(run("statistics", "--entries", entries.toString(), "--json")).isZero();
        assertThat(printed()).contains("\"withoutFinding\" : 0");
        assertThat(run("statistics", "--entries", folder.resolve("missing.csv").toString()))
                .isEqualTo(1);
        assertThat(complained()).contains("There is no readable file");
    }

    private static List<String> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path copyOfTheBundledPackage() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copy"));
        for (String file : List.of("README.md", "calibration-images.txt", "model.pt", "model.yaml")) {
            Files.copy(bundledPackage().resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private Path archiveOfTheBundledPackage() throws IOException {
        Path archive = folder.resolve("package.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String file : filesIn(copyOfTheBundledPackage())) {
                zip.putNextEntry(new ZipEntry("any-name/" + file));
                Files.copy(bundledPackage().resolve(file), zip);
            }
        }
        return archive;
    }
}
