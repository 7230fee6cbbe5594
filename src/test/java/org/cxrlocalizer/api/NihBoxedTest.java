// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cxrlocalizer.Extent;
import org.cxrlocalizer.NihData;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dataset.ChestXray14;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Every real image with a ground-truth box that is at hand. Skips where the shared NIH data are absent. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class NihBoxedTest {

    @LocalServerPort
    private int port;

    @Test
    void everyBoxedImageIsComparedWithEachOfItsTruths() throws IOException {
        Set<String> samplePatients =
                Samples.NAMES.stream().map(ChestXray14::patientOf).collect(Collectors.toSet());
        for (Path image : Extent.of(NihData.boxed(), 8)) {
            String name = image.getFileName().toString();
            Map<String, Integer> truths = new HashMap<>();
            new Http(port)
                    .get("/v1/ground-truth/" + name)
                    .json()
                    .get("boxes")
                    .forEach(truth -> truths.merge(truth.get("label").asString(), 1, Integer::sum));
            assertThat(truths).isNotEmpty();

            JsonNode answer = new Http(port)
                    .localizeMultipart(name, Files.readAllBytes(image), Map.of())
                    .json();

            if (!samplePatients.contains(ChestXray14.patientOf(name))) {
                assertThat(answer.get("warnings")).as(name).singleElement().satisfies(warning -> assertThat(
                                warning.asString())
                        .contains("fitted on boxes of patient " + ChestXray14.patientOf(name)));
            }
            assertThat(answer.get("findings").size()).isEqualTo(ChestXray14.LABELS.size());
            for (JsonNode finding : answer.get("findings")) {
                int expected = truths.getOrDefault(finding.get("label").asString(), 0);
                assertThat(finding.get("comparisons").size())
                        .isEqualTo(expected * Math.max(1, finding.get("boxes").size()));
                for (JsonNode box : finding.get("boxes")) {
                    assertThat(box.get("x").asDouble() + box.get("width").asDouble())
                            .isLessThanOrEqualTo(1024.000001);
                    assertThat(box.get("score").asDouble()).isBetween(0.0, 1.0);
                }
            }
        }
    }
}
