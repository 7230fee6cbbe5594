// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ReadmeTest {

    private static final Pattern ANSWER = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);
    private static final String SAMPLE = "00015069_001.png";
    private static final Path README = Path.of("README.md");
    private static final int FRONT_PAGE = 150;

    @LocalServerPort
    private int port;

    @Test
    void theAnswerInTheReadmeIsTheRealOne() throws IOException {
        Matcher shown = ANSWER.matcher(Files.readString(README));
        assertThat(shown.find()).isTrue();

        JsonNode answer = new Http(port)
                .localizeMultipart(SAMPLE, Samples.read(SAMPLE), Map.of("labels", "Infiltration"))
                .json();

        assertThatSame(new JsonMapper().readTree(shown.group(1)), answer);
    }

    @Test
    void theReadmeIsAFrontPage() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(FRONT_PAGE);
    }

    /** Other processors round the last digits of a number otherwise. */
    private static void assertThatSame(JsonNode shown, JsonNode real) {
        if (shown.isNumber()) {
            assertThat(real.asDouble()).isCloseTo(shown.asDouble(), within(1e-3));
        } else if (shown.isContainer()) {
            assertThat(real.propertyNames()).containsExactlyElementsOf(shown.propertyNames());
            assertThat(real.size()).isEqualTo(shown.size());
            shown.propertyNames().forEach(name -> assertThatSame(shown.get(name), real.get(name)));
            for (int i = 0; shown.isArray() && i < shown.size(); i++) {
                assertThatSame(shown.get(i), real.get(i));
            }
        } else {
            assertThat(real).isEqualTo(shown);
        }
    }
}
