// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.inference.InferenceProperties.OnDeviceLoss;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** Forward passes are counted by the sizes of their batches. */
class PredictionCacheTest {

    private static final InferenceProperties ONE_WORKER = new InferenceProperties(
            "cpu", 1, 1, 1, 16, Duration.ofSeconds(30), "auto", OnDeviceLoss.UNREADY, Map.of(), null);

    @TempDir
    Path models;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private FixturePackage fixture;
    private Classifier classifier;
    private double warmUps;

    @BeforeEach
    void loadAModel() throws IOException {
        fixture = FixturePackage.in(models, "good", "");
        classifier = load();
        warmUps = meters.get("cxr.batch.size").summary().count();
    }

    @AfterEach
    void closeIt() {
        classifier.close();
    }

    private Classifier load() {
        return Classifier.load(fixture.read(), ONE_WORKER, meters, ObservationRegistry.NOOP);
    }

    private PredictionCache cache(String size, boolean dicom) {
        return new PredictionCache(new PredictionCacheProperties(DataSize.parse(size), dicom), meters);
    }

    private static Radiograph sample(int number) {
        return RadiographReaders.reader().read(Samples.read(Samples.NAMES.get(number)));
    }

    private Prediction predict(PredictionCache cache, Radiograph radiograph, String method) {
        return predict(cache, radiograph, method, false);
    }

    private Prediction predict(PredictionCache cache, Radiograph radiograph, String method, boolean ofDicom) {
        return cache.predict(
                classifier,
                classifier.prepare(radiograph),
                classifier.manifest().method(method),
                ofDicom);
    }

    private double passes() {
        return meters.get("cxr.batch.size").summary().count() - warmUps;
    }

    private double gets(String result) {
        return meters.get("cache.gets")
                .tag("cache", "predictions")
                .tag("result", result)
                .functionCounter()
                .count();
    }

    @Test
    void anImageThatComesAgainIsAnsweredBitForBitWithoutAForwardPass() {
        PredictionCache cache = cache("1MB", false);
        Prediction uncached = predict(new PredictionCache(), sample(0), "cam");

        Prediction first = predict(cache, sample(0), "cam");
        Prediction again = predict(cache, sample(0), "cam");

        assertThat(passes()).isEqualTo(2);
        assertThat(first.logits()).isEqualTo(uncached.logits());
        assertThat(again.logits()).isEqualTo(uncached.logits());
        assertThat(again.maps()).isEqualTo(uncached.maps());
        assertThat(again.mapWidth()).isEqualTo(uncached.mapWidth());
        assertThat(List.of(gets("hit"), gets("miss"))).containsExactly(1.0, 1.0);
    }

    @Test
    void anotherImageAndAnotherMethodAreRun() {
        PredictionCache cache = cache("1MB", false);

        assertThat(predict(cache, sample(0), "cam").maps())
                .isNotEqualTo(predict(cache, sample(1), "cam").maps());
        predict(cache, sample(0), "positive");
        assertThat(passes()).isEqualTo(3);
    }

    @Test
    void aModelThatReplacesAnotherOneIsRun() throws IOException {
        PredictionCache cache = cache("1MB", false);
        predict(cache, sample(0), "cam");
        classifier.close();
        fixture.replace("version: 1.0.0", "version: 1.0.1");
        classifier = load();
        warmUps = meters.get("cxr.batch.size").summary().count();

        predict(cache, sample(0), "cam");

        assertThat(passes()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"false, 2", "true, 1"})
    void aDicomFileIsKeptOnlyIfThatIsConfigured(boolean dicom, int passes) {
        PredictionCache cache = cache("1MB", dicom);

        predict(cache, sample(0), "cam", true);
        predict(cache, sample(0), "cam", true);

        assertThat(passes()).isEqualTo(passes);
    }

    /** An entry of this model takes 680 bytes. */
    @ParameterizedTest
    @CsvSource({"0B, 4", "600B, 4", "2KB, 2"})
    void noMoreIsKeptThanTheSizeAllows(String size, int passes) {
        PredictionCache cache = cache(size, false);
        for (int number : new int[] {0, 1, 1, 0}) {
            predict(cache, sample(number), "cam");
        }
        assertThat(passes()).isEqualTo(passes);
    }

    @Test
    void aNegativeSizeIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> cache("-1B", false))
                .withMessage("prediction-cache.size must not be negative");
    }
}
