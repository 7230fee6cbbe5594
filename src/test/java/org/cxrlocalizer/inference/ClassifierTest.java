// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.inference.InferenceProperties.OnDeviceLoss;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelPackage;
import org.cxrlocalizer.model.ModelRefusedException;
import org.cxrlocalizer.model.UnknownMethodException;
import org.cxrlocalizer.radiograph.RadiographReaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a model package may be, and every reason to refuse one. The fixtures are made by models/tools/golden.py. */
class ClassifierTest {

    private static final InferenceProperties TWO_WORKERS = new InferenceProperties(
            "cpu", 2, 1, 4, 16, Duration.ofSeconds(30), "auto", OnDeviceLoss.UNREADY, Map.of(), null);

    private static final String CUTOFFS_AND_BOXES = """
            cutoffs:
              chosenOn: nothing
              probabilities: {Mass: 0.3}
            boxes:
              chosenOn: nothing
              default: {type: otsu}
              calibrated:
                Mass: {type: fraction, fraction: 0.4}
            """;

    @TempDir
    Path models;

    private FixturePackage fixture;

    @BeforeEach
    void aGoodPackage() throws IOException {
        fixture = FixturePackage.in(models, "good", CUTOFFS_AND_BOXES);
    }

    private Classifier load() {
        return load(TWO_WORKERS);
    }

    private Classifier load(InferenceProperties properties) {
        return Classifier.load(fixture.read(), properties, new SimpleMeterRegistry(), ObservationRegistry.NOOP);
    }

    private void assertThatItIsRefusedFor(String reason) {
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> load().close())
                .withMessageContaining("model 'fixture' is refused")
                .withMessageContaining(reason);
    }

    @Test
    void aGoodPackageAnswersWithLogitsAndMaps() {
        try (Classifier classifier = load()) {
            ModelInput input = ModelInput.probe(classifier.manifest().input());

            Prediction prediction =
                    classifier.predict(input, classifier.manifest().method(null));

            assertThat(prediction.mapWidth()).isEqualTo(4);
            assertThat(prediction.mapHeight()).isEqualTo(4);
            float firstCell = 0;
            for (int y = 0; y < 4; y++) {
                for (int x = 0; x < 4; x++) {
                    firstCell += input.values()[y * 16 + x] / 16;
                }
            }
            assertThat(prediction.maps()[0]).isCloseTo(firstCell, within(1e-5f));
            assertThat(prediction.maps()[16])
                    .as("the second label's weight is 2")
                    .isCloseTo(2 * firstCell, within(1e-5f));
            assertThat(classifier.sumResidual(prediction, 0)).isCloseTo(0, within(1e-5));
            assertThat(classifier.card().markdown()).isEqualTo("# A fixture");
        }
    }

    @Test
    void otherMethodsOfTheFileAreCalledByName() {
        try (Classifier classifier = load()) {
            assertThat(classifier
                            .predict(
                                    ModelInput.probe(classifier.manifest().input()),
                                    classifier.manifest().method("positive"))
                            .maps())
                    .hasSize(32);
            assertThatExceptionOfType(UnknownMethodException.class)
                    .isThrownBy(() -> classifier.manifest().method("gradcam"))
                    .withMessageContaining("gradcam")
                    .withMessageContaining("cam, positive");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.pt", "model.yaml", "README.md"})
    void aMissingFileIsNamed(String file) throws IOException {
        Files.delete(fixture.directory().resolve(file));

        assertThatItIsRefusedFor(file + " is missing");
    }

    @Test
    void aFileWithAnotherHashIsRefused() throws IOException {
        Files.write(fixture.directory().resolve("model.pt"), FixturePackage.network("no-sum"));

        assertThatItIsRefusedFor("SHA-256");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version: 1.0.0 | verzion: 1.0.0 | verzion' is not a key; there are activation",
                "channels: 1 | channels: 1, depth: 8 | input.depth' is not a key",
                "formatVersion: 1 | formatVersion: 2 | formatVersion' must be 1",
                "name: fixture | name: another | of a model named 'another'",
                "name: fixture | name: ../fixture | name' must match",
                "licence: Apache-2.0 | licence: \" \" | licence' must be given",
                "[Mass, Nodule] | [] | labels' must not be empty",
                "[Mass, Nodule] | [Mass, Mass] | labels' must not repeat one",
                "sigmoid | tanh | tanh",
                "size: 16 | size: 8 | input.size",
                "size: 16 | size: 16.5 | 16.5",
                "channels: 1 | channels: 2 | input.channels",
                "resize: stretch | resize: squeeze | squeeze",
                "resize: stretch | resize: stretch, std: [0] | input.std",
                "resize: stretch | resize: stretch, range: [1, 0] | input.range",
                "resize: stretch | resize: stretch, mean: [.nan] | nan",
                "resize: stretch | resize: stretch, resizeTo: 20 | input.resizeTo",
                "resize: stretch | resize: stretch, interpolation: lanczos | lanczos",
                "default: cam | default: gradcam | methods.default",
                "name: positive, | name: cam, | must not repeat",
                "bias: [0.5, -1.0] | bias: [0.5] | bias' must have one number for each label",
                "bias: [0.5, -1.0] | bias: [0.5, .inf] | inf",
                "bias: [0.5, -1.0] | # no bias | bias' must be given",
                "name: positive, | name: positive, supervision: guesses, | guesses",
                "name: positive, | name: positive, supervision: boxes, | boxes.imagesSha256' must be given",
                "sumsToLogit: true | sumsToLogit: true, supervision: boxes | sumsToLogit' must be false",
                "{Mass: 0.3} | {Mass: 1.3} | cutoffs.probabilities' must be between 0 and 1",
                "{Mass: 0.3} | {Edema: 0.3} | cutoffs' must name labels",
                "formatVersion: 1 | formatVersion: [ | model.yaml"
            })
    void aWrongManifestIsRefusedByItsKey(String part, String by, String reason) throws IOException {
        fixture.replace(part, by);

        assertThatItIsRefusedFor(reason);
    }

    @Test
    void anUnknownKeyIsNamed() throws IOException {
        fixture.replace("version: 1.0.0\n", "version: 1.0.0\ncolour: red\n");

        assertThatItIsRefusedFor("colour");
    }

    @Test
    void theHashOfAPackageIsNoKey() throws IOException {
        fixture.append("packageSha256: " + "0".repeat(64) + "\n");

        assertThat(fixture.read().manifest().packageSha256())
                .isEqualTo(DigestUtils.sha256Hex(fixture.read().manifestFile()));
    }

    @Test
    void aMissingKeyIsNamed() throws IOException {
        fixture.replace("activation: sigmoid\n", "");

        assertThatItIsRefusedFor("'activation' must be given");
    }

    @ParameterizedTest
    @CsvSource({
        "three-labels, its logits are",
        "flat-maps, its maps are",
        "one-output, returns 1 tensors",
        "three-outputs, returns 3 tensors",
        "infinite, not finite",
        "no-sum, fails the sum check for Mass"
    })
    void aNetworkThatBreaksTheContractIsRefused(String network, String reason) throws IOException {
        fixture.write(network, CUTOFFS_AND_BOXES);

        assertThatItIsRefusedFor(reason);
    }

    /** A method of the supervision boxes beside cam, and the images that it was fitted on. */
    private void fitOnBoxes(String network, String function) throws IOException {
        fixture.write(network, CUTOFFS_AND_BOXES);
        fixture.replace(
                "{name: positive, function: positive, sumsToLogit: false}",
                "{name: calibrated, function: %s, sumsToLogit: false, supervision: boxes}".formatted(function));
        String image = "00000001_000.png";
        Files.writeString(fixture.directory().resolve("calibration-images.txt"), image);
        fixture.replace(
                "boxes:\n  chosenOn: nothing",
                "boxes:\n  chosenOn: nothing\n  imagesSha256: " + DigestUtils.sha256Hex(image));
    }

    @Test
    void mapsOfAMethodFittedOnBoxesAreProbabilitiesOnAGridOfTheirOwn() throws IOException {
        fitOnBoxes("cells", "calibrated");
        try (Classifier classifier = load()) {
            ModelInput input = ModelInput.probe(classifier.manifest().input());

            Prediction prediction =
                    classifier.predict(input, classifier.manifest().method("calibrated"));

            assertThat(prediction.mapWidth()).isEqualTo(5);
            assertThat(prediction.mapHeight()).isEqualTo(8);
            assertThat(prediction.hasProbabilityMaps()).isTrue();
            assertThat(classifier
                            .predict(input, classifier.manifest().method("cam"))
                            .mapWidth())
                    .isEqualTo(4);
            assertThat(classifier.calibrationImages()).containsExactly("00000001_000.png");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "improbable | calibrated | gives values outside [0, 1]",
                "cells | fine | has maps of 64 × 65 cells, and 4096 are allowed",
                "good | forward | gives values outside [0, 1]"
            })
    void aMethodFittedOnBoxesWhoseMapsAreNoProbabilitiesIsRefused(String network, String function, String reason)
            throws IOException {
        fitOnBoxes(network, function);

        assertThatItIsRefusedFor(reason);
    }

    @Test
    void aMethodThatTheFileLacksIsRefused() throws IOException {
        fixture.replace("function: positive", "function: negative");

        assertThatItIsRefusedFor("method 'positive'");
    }

    @Test
    void anInputOfTheWrongChannelsIsRefused() throws IOException {
        fixture.replace("channels: 1", "channels: 3");

        assertThatItIsRefusedFor("method 'cam'");
    }

    @Test
    void aFileThatIsNoTorchScriptIsRefused() throws IOException {
        byte[] bytes = "no network".getBytes(StandardCharsets.UTF_8);
        String old =
                DigestUtils.sha256Hex(Files.readAllBytes(fixture.directory().resolve("model.pt")));
        Files.write(fixture.directory().resolve("model.pt"), bytes);
        fixture.replace(old, DigestUtils.sha256Hex(bytes));

        assertThatItIsRefusedFor("PyTorch cannot load model.pt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../fixture", "", "a/b", ".hidden"})
    void aNameThatIsAPathIsRefused(String name) {
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> ModelPackage.read(name, new FileSystemResource(fixture.directory() + "/")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "model.pt"})
    void aLinkThatLeadsOutOfThePackageIsRefused(String file) throws IOException {
        Path elsewhere = Files.move(
                fixture.directory().resolve(file), fixture.directory().resolveSibling("elsewhere"));
        Path link = Files.createSymbolicLink(fixture.directory().resolve(file), elsewhere);
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(fixture::read)
                .withMessageContaining("a link that leads out");

        // As Kubernetes mounts what it keeps.
        Path data = Files.createDirectory(fixture.directory().resolve("..data"));
        Files.delete(link);
        Files.createSymbolicLink(link, Files.move(elsewhere, data.resolve(file)));
        assertThat(fixture.read().manifest().name()).isEqualTo(FixturePackage.NAME);
    }

    @Test
    void theBundledModelAgreesWithPyTorchOnTheSamples() {
        JsonNode golden = new JsonMapper().readTree(Samples.content("golden/predictions.json"));
        ModelPackage bundled = ModelPackage.read("cxr14-cells", new ClassPathResource("models/cxr14-cells/"));
        assertThat(golden.get("modelSha256").asString())
                .isEqualTo(bundled.manifest().sha256());
        try (Classifier classifier =
                Classifier.load(bundled, TWO_WORKERS, new SimpleMeterRegistry(), ObservationRegistry.NOOP)) {
            for (JsonNode image : golden.get("images")) {
                ModelInput input = classifier.prepare(RadiographReaders.reader()
                        .read(Samples.read(image.get("image").asString())));
                Prediction prediction = classifier.predict(
                        input, classifier.manifest().method(image.get("method").asString()));

                assertThatEach(prediction.logits(), image.get("logits"), 1e-3);
                assertThatEach(prediction.maps(), image.get("maps"), 1e-3);
            }
        }
    }

    /** The bytes that come back are those of each image alone, but for the last digits: other sizes are added up otherwise. */
    @Test
    void aServiceThatLosesItsDeviceRefusesAndIsNotUsable() throws Exception {
        fixture.write("breaking", CUTOFFS_AND_BOXES);
        try (Classifier classifier = load()) {
            assertThat(classifier.isUsable()).isTrue();
            assertThatExceptionOfType(InferenceRefusedException.class)
                    .isThrownBy(() -> predict(classifier, 200))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(InferenceRefusedException.Reason.DEVICE_LOST));
            assertThat(classifier.isUsable()).isFalse();
            assertThatExceptionOfType(InferenceRefusedException.class).isThrownBy(() -> classifier.admit(() -> 1));
        }
    }

    @Test
    void aServiceThatLosesItsDeviceGoesOnOnTheCpuIfItMay() throws Exception {
        fixture.write("breaking", CUTOFFS_AND_BOXES);
        InferenceProperties cpu = new InferenceProperties(
                "cpu", 2, 1, 4, 16, Duration.ofSeconds(30), "auto", OnDeviceLoss.CPU, Map.of(), null);
        try (Classifier classifier = load(cpu)) {
            predict(classifier, 150);
            assertThat(classifier.isUsable()).isTrue();
        }
    }

    private static void predict(Classifier classifier, int images) {
        ModelInput input = ModelInput.probe(classifier.manifest().input());
        for (int i = 0; i < images; i++) {
            assertThat(classifier
                            .predict(input, classifier.manifest().method(null))
                            .logits())
                    .hasSize(2);
        }
    }

    @Test
    void anImageWhoseValuesAreNotFiniteFailsAndTheOthersDoNot() throws Exception {
        fixture.write("overflowing", CUTOFFS_AND_BOXES);
        try (Classifier classifier = load()) {
            float[] white = new float[16 * 16];
            Arrays.fill(white, 1);
            ModelInput image = new ModelInput(white, ImageFrame.stretch(16, 16));
            ModelManifest.Method method = classifier.manifest().method(null);

            assertThatExceptionOfType(InvalidPredictionException.class)
                    .isThrownBy(() -> classifier.predict(image, method));
            predict(classifier, 1);
        }
    }

    /** Seen to be refused on an AMD EPYC with AVX-512. Where oneDNN has another convolution for it, nothing is wrong with it. */
    @Test
    void aNetworkWithUninitializedReadsIsRefusedAtStartOrAnswersAlways() throws Exception {
        fixture.write("unpadded", CUTOFFS_AND_BOXES);
        fixture.replace("size: 16", "size: 32");
        try (Classifier classifier = load()) {
            predict(classifier, 300);
        } catch (ModelRefusedException e) {
            assertThat(e).hasMessageContaining("ONEDNN_MAX_CPU_ISA");
        }
    }

    @Test
    void imagesOfABatchAreAnsweredAsAlone() throws Exception {
        ModelPackage bundled = ModelPackage.read("cxr14-cells", new ClassPathResource("models/cxr14-cells/"));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        InferenceProperties oneWorker = new InferenceProperties(
                "cpu", 1, 1, 6, 64, Duration.ofSeconds(30), "auto", OnDeviceLoss.UNREADY, Map.of(), null);
        ExecutorService callers = Executors.newFixedThreadPool(32);
        try (Classifier classifier = Classifier.load(bundled, oneWorker, meters, ObservationRegistry.NOOP)) {
            List<ModelInput> inputs = new ArrayList<>();
            List<Prediction> alone = new ArrayList<>();
            ModelManifest.Method method = classifier.manifest().method(null);
            for (String name : Samples.NAMES) {
                ModelInput input = classifier.prepare(RadiographReaders.reader().read(Samples.read(name)));
                inputs.add(input);
                alone.add(classifier.predict(input, method));
            }
            List<Future<Prediction>> together = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                ModelInput input = inputs.get(i % inputs.size());
                together.add(callers.submit(() -> classifier.predict(input, method)));
            }
            for (int i = 0; i < 30; i++) {
                Prediction expected = alone.get(i % inputs.size());
                assertThat(together.get(i).get().logits()).containsExactly(expected.logits(), within(1e-4f));
                assertThat(together.get(i).get().maps()).containsExactly(expected.maps(), within(1e-3f));
            }
            assertThat(meters.get("cxr.batch.size").summary().max()).isBetween(5.0, 6.0);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        InferenceProperties gpu = new InferenceProperties(
                "gpu:99", 1, 1, 1, 1, Duration.ofSeconds(1), "auto", OnDeviceLoss.UNREADY, Map.of(), null);

        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(
                        () -> Classifier.load(fixture.read(), gpu, new SimpleMeterRegistry(), ObservationRegistry.NOOP)
                                .close())
                .withMessageContaining("gpu:99");
    }

    private static void assertThatEach(float[] values, JsonNode golden, double tolerance) {
        assertThat(golden.size()).isEqualTo(values.length);
        for (int i = 0; i < values.length; i++) {
            assertThat((double) values[i]).isCloseTo(golden.get(i).asDouble(), within(tolerance));
        }
    }
}
