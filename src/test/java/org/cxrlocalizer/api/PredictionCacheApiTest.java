// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;

/** An image that comes again, through the API. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "prediction-cache.size=1MB")
@DirtiesContext
class PredictionCacheApiTest {

    private static final String SAMPLE = Samples.NAMES.get(0);

    @LocalServerPort
    private int port;

    private Http.Answer localize(Map<String, String> parameters) {
        return new Http(port).localizeMultipart(SAMPLE, Samples.read(SAMPLE), parameters);
    }

    private void assertThatImagesWereRun(int run, int cameAgain) {
        assertThat(new Http(port).get("/actuator/prometheus").text())
                .contains("cxr_batch_size_count{model=\"cxr14-cells\"} %d".formatted(run))
                .contains("result=\"hit\"} %d.0".formatted(cameAgain));
    }

    @Test
    void anotherPolicyAndAnOverlayNeedNoOtherForwardPass() {
        Http.Answer first = localize(Map.of("includeMaps", "true"));
        assertThatImagesWereRun(1, 0);

        assertThat(localize(Map.of("includeMaps", "true")).json()).isEqualTo(first.json());
        assertThat(localize(Map.of("policy", "{\"type\": \"fraction\", \"fraction\": 0.5}"))
                        .status())
                .isEqualTo(200);
        assertThat(new Http(port)
                        .multipart("/v1/overlays", SAMPLE, Samples.read(SAMPLE), Map.of("label", "Effusion"))
                        .status())
                .isEqualTo(200);
        assertThatImagesWereRun(1, 3);

        assertThat(localize(Map.of("method", "cam")).json()).isNotEqualTo(first.json());
        assertThatImagesWereRun(2, 3);
    }
}
