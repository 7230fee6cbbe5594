// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.inference.InferenceProperties.ModelShare;
import org.cxrlocalizer.inference.InferenceProperties.OnDeviceLoss;
import org.cxrlocalizer.model.ModelCatalogue;
import org.cxrlocalizer.model.ModelRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelShareTest {

    private static final InferenceProperties PROPERTIES = new InferenceProperties(
            "cpu",
            2,
            1,
            4,
            16,
            Duration.ofSeconds(30),
            "auto",
            OnDeviceLoss.UNREADY,
            Map.of("small", new ModelShare("gpu:1", 1, null, 8, null, "reference")),
            null);

    @TempDir
    Path models;

    @Test
    void whatIsNotGivenForAModelIsAsForAll() {
        assertThat(PROPERTIES.of("small"))
                .isEqualTo(new InferenceProperties(
                        "gpu:1",
                        1,
                        1,
                        4,
                        8,
                        Duration.ofSeconds(30),
                        "reference",
                        OnDeviceLoss.UNREADY,
                        Map.of(),
                        null));
        assertThat(PROPERTIES.of("other").workers()).isEqualTo(2);
    }

    @Test
    void aShareOfAModelThatIsNotLoadedIsRefused() {
        ModelLoader loader = new ModelLoader(
                new ModelCatalogue(models.toString()), PROPERTIES, new SimpleMeterRegistry(), ObservationRegistry.NOOP);

        loader.requireSharesOf(List.of("small", "other"));
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> loader.requireSharesOf(List.of("other")))
                .withMessageContaining("'small'")
                .withMessageContaining("inference.models");
    }
}
