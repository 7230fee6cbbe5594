// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Statistics of a small data entry file. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"dataset.entries=classpath:/dataset/entries.csv", "dataset.test-list=classpath:/dataset/test.txt"
        })
class DatasetApiTest {

    @LocalServerPort
    private int port;

    @Test
    void labelsAreCountedInAllAndByGroup() {
        JsonNode answer = new Http(port).get("/v1/dataset/statistics").json();

        assertThat(answer.at("/all/images").asInt()).isEqualTo(4);
        assertThat(answer.at("/all/patients").asInt()).isEqualTo(3);
        assertThat(answer.at("/all/totals/Mass").asInt()).isEqualTo(2);
        assertThat(answer.at("/all/together/Mass/Mass").asInt()).isEqualTo(1);
        assertThat(answer.at("/all/together/Mass/Nodule").asInt()).isEqualTo(1);
        assertThat(answer.at("/groups/split/test/images").asInt()).isEqualTo(1);
        assertThat(answer.at("/groups/split/neither/images").asInt()).isEqualTo(3);
        assertThat(answer.at("/groups/view/AP/totals/Mass").asInt()).isEqualTo(1);
        assertThat(answer.at("/groups/age/unknown/images").asInt()).isEqualTo(1);
        assertThat(answer.get("problemCount").asInt()).isEqualTo(1);
        assertThat(answer.at("/problems/0").asString()).isEqualTo("entries.csv, line 5: the age '411' is implausible");
    }
}
