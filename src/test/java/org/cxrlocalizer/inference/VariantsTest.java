// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.inference.InferenceProperties.OnDeviceLoss;
import org.cxrlocalizer.model.ModelCatalogue;
import org.cxrlocalizer.model.ModelInstaller;
import org.cxrlocalizer.model.ModelRefusedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which file of a package runs. The reference here does work for nothing, so that a variant without it is faster on any
 * machine; the fixtures are made by models/tools/golden.py.
 */
class VariantsTest {

    private static final byte[] NO_TORCH_SCRIPT = "no network".getBytes(StandardCharsets.UTF_8);

    /** Of all tests here: its process starts again only after a file that ended it. */
    @AutoClose
    private static final ModelProbe MODEL_PROBE = new ModelProbe();

    @TempDir
    Path models;

    @TempDir
    Path state;

    private FixturePackage fixture;
    private @Nullable Path measurements;

    @BeforeEach
    void aPackageWithASlowReference() throws IOException {
        fixture = FixturePackage.in(models, "slow", "variants:\n");
    }

    private void variant(String name, byte[] bytes) throws IOException {
        Files.write(file(name), bytes);
        fixture.append(
                "  - {name: %1$s, file: model-%1$s.pt, sha256: %2$s, probabilityTolerance: 0.001, mapTolerance: 0.01}%n"
                        .formatted(name, DigestUtils.sha256Hex(bytes)));
    }

    private Path file(String variant) {
        return fixture.directory().resolve("model-" + variant + ".pt");
    }

    private void variant(String name) throws IOException {
        variant(name, FixturePackage.network(name));
    }

    private ModelLoader loader(String variant) {
        return new ModelLoader(
                new ModelCatalogue(models.toString()),
                properties(variant),
                new SimpleMeterRegistry(),
                ObservationRegistry.NOOP);
    }

    private InferenceProperties properties(String variant) {
        return new InferenceProperties(
                "cpu", 2, 1, 4, 16, Duration.ofSeconds(30), variant, OnDeviceLoss.UNREADY, Map.of(), measurements);
    }

    private Classifier load(String variant) {
        return Classifier.load(
                fixture.read(),
                properties(variant),
                new SimpleMeterRegistry(),
                ObservationRegistry.NOOP,
                false,
                MODEL_PROBE);
    }

    private static VariantOutcome outcome(Classifier classifier, String name) {
        return classifier.execution().variants().stream()
                .filter(variant -> variant.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aFasterVariantRuns() throws IOException {
        variant("good");

        try (Classifier classifier = load("auto")) {
            assertThat(classifier.variant()).isEqualTo("good");
            assertThat(classifier.variantSha256()).isEqualTo(DigestUtils.sha256Hex(FixturePackage.network("good")));
            assertThat(outcome(classifier, "good").chosen()).isTrue();
            assertThat(outcome(classifier, "good").relativeTime()).isBetween(0.0, 0.95);
            assertThat(outcome(classifier, "good").relativeTimeOfBatch()).isBetween(0.0, 0.95);
            assertThat(outcome(classifier, "reference").chosen()).isFalse();
            assertThat(outcome(classifier, "reference").reason()).isEqualTo("'good' is faster");
            ModelInput input = ModelInput.probe(classifier.manifest().input());
            assertThat(classifier
                            .predict(input, classifier.manifest().method("positive"))
                            .maps())
                    .hasSize(32);
        }
    }

    @Test
    void aVariantThatGainsNothingDoesNotRun() throws IOException {
        fixture.write("good", "variants:\n");
        variant("slow");

        try (Classifier classifier = load("auto")) {
            assertThat(classifier.variant()).isEqualTo("reference");
            assertThat(outcome(classifier, "slow").relativeTime()).isGreaterThan(1);
            assertThat(outcome(classifier, "slow").reason()).isEqualTo("it is less than 5 % faster than the reference");
            assertThat(outcome(classifier, "reference").chosen()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "other-weights, method 'cam': the probability of Mass differs from the reference's by 0.01",
        "three-labels, its logits are",
        "flat-maps, its maps are",
        "one-output, returns 1 tensors",
        "infinite, not finite",
        "no-sum, fails the sum check for Mass",
        "ending, model-ending.pt ended the process that tried it: SIGSEGV in C  [libtorch_cpu.so",
        "no-torch-script, PyTorch cannot load model-no-torch-script.pt"
    })
    void aVariantThatCannotBeUsedIsPassedOverForTheReason(String network, String reason) throws IOException {
        variant(network, network.equals("no-torch-script") ? NO_TORCH_SCRIPT : FixturePackage.network(network));
        variant("good");

        try (Classifier classifier = load("auto")) {
            assertThat(outcome(classifier, network).chosen()).isFalse();
            assertThat(outcome(classifier, network).reason()).contains(reason);
            assertThat(classifier.variant())
                    .as("the next one is tried all the same")
                    .isEqualTo("good");
        }
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> load(network).close())
                .withMessageContaining("model 'fixture' is refused")
                .withMessageContaining(reason);
    }

    @Test
    void theSettingNamesTheReferenceOrAVariant() throws IOException {
        variant("good");

        try (Classifier classifier = load("reference")) {
            assertThat(classifier.variant()).isEqualTo("reference");
            assertThat(classifier.variantSha256())
                    .isEqualTo(classifier.manifest().sha256());
            assertThat(outcome(classifier, "good").reason()).isEqualTo("the setting is 'reference'");
        }
        try (Classifier classifier = load("good")) {
            assertThat(classifier.variant()).isEqualTo("good");
            assertThat(outcome(classifier, "good").relativeTime()).isNull();
        }
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> load("bf16").close())
                .withMessageContaining("it has no variant 'bf16' but [good]");
    }

    @Test
    void aLaterStartTakesWhatAnEarlierOneMeasured() throws IOException {
        measurements = state.resolve("variants.json");
        variant("ending", FixturePackage.network("ending"));
        variant("good");
        List<VariantOutcome> first;
        try (Classifier classifier = load("auto")) {
            first = classifier.execution().variants();
        }

        try (Classifier classifier = load("auto")) {
            assertThat(classifier.execution().variants())
                    .as("times would differ if they were measured again")
                    .isEqualTo(first);
            assertThat(classifier.variant()).isEqualTo("good");
            ModelInput input = ModelInput.probe(classifier.manifest().input());
            assertThat(classifier
                            .predict(input, classifier.manifest().method(null))
                            .isFinite())
                    .isTrue();
        }

        fixture.write("good", "variants:\n");
        variant("slow");
        for (int start = 0; start < 2; start++) {
            try (Classifier classifier = load("auto")) {
                assertThat(classifier.variant()).as("of another package").isEqualTo("reference");
            }
        }
        assertThat(Files.readString(measurements)).contains("\"ending\"", "\"slow\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "{}", "null", "[]"})
    void aFileWithoutMeasurementsIsReplaced(String content) throws IOException {
        measurements = Files.writeString(state.resolve("variants.json"), content);
        variant("good");

        try (Classifier classifier = load("auto")) {
            assertThat(classifier.variant()).isEqualTo("good");
        }
        assertThat(Files.readString(measurements)).contains("\"good\"");
    }

    @Test
    void withoutADirectoryForMeasurementsEachStartMeasures() throws IOException {
        measurements = state.resolve("absent/variants.json");
        variant("good");

        try (Classifier classifier = load("auto")) {
            assertThat(classifier.variant()).isEqualTo("good");
        }
        assertThat(measurements.getParent()).doesNotExist();
    }

    @Test
    void whatMustBeReproducibleRunsTheReferenceUnlessAVariantIsNamed() throws IOException {
        variant("good");

        try (Classifier classifier = loader("auto").reproducible().load(FixturePackage.NAME)) {
            assertThat(classifier.variant()).isEqualTo("reference");
        }
        try (Classifier classifier = loader("good").reproducible().load(FixturePackage.NAME)) {
            assertThat(classifier.variant()).isEqualTo("good");
        }
    }

    @Test
    void aVariantsFileMustBeThereAndHaveItsHash() throws IOException {
        variant("good");
        Files.write(file("good"), NO_TORCH_SCRIPT);

        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> load("reference").close())
                .withMessageContaining("model-good.pt has the SHA-256");

        Files.delete(file("good"));
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> load("reference").close())
                .withMessageContaining("model-good.pt is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: good | name: reference | variants.name' must be neither",
                "name: good | name: auto | variants.name' must be neither",
                "name: good | name: a b | variants.name' must match",
                "file: model-good.pt | file: ../model-good.pt | variants.file",
                "file: model-good.pt | file: model.pt | variants.file",
                "file: model-good.pt | fyle: model-good.pt | variants.fyle' is not a key",
                "probabilityTolerance: 0.001 | probabilityTolerance: 0 | variants.probabilityTolerance",
                "mapTolerance: 0.01 | mapTolerance: 1.01 | variants.mapTolerance",
                "mapTolerance: 0.01 | mapTolerance: .nan | nan",
                "mapTolerance: 0.01 | mapTolerance: 0.01, speed: 2 | speed"
            })
    void aWrongEntryIsRefusedByItsKey(String part, String by, String reason) throws IOException {
        variant("good");
        fixture.replace(part, by);

        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> load("auto").close())
                .withMessageContaining(reason);
    }

    @Test
    void twoVariantsOfANameAreRefused() throws IOException {
        variant("good");
        variant("good");

        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> load("auto").close())
                .withMessageContaining("'variants' must not repeat a name");
    }

    @Test
    void anArchiveIsInstalledWithItsVariants() throws IOException {
        variant("good");
        Path archive = models.resolve("fixture.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String file : new String[] {"model.yaml", "model.pt", "model-good.pt", "README.md"}) {
                zip.putNextEntry(new ZipEntry("fixture/" + file));
                zip.write(Files.readAllBytes(fixture.directory().resolve(file)));
            }
        }

        Path added = new ModelInstaller(loader("auto")::requireUsable).add(archive, models.resolve("installed"), false);

        assertThat(added.resolve("model-good.pt")).hasSameBinaryContentAs(file("good"));
        try (Classifier classifier = loader("good").load(archive)) {
            assertThat(classifier.variant()).isEqualTo("good");
        }
    }
}
