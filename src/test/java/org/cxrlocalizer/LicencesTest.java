// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Everything that the jar carries may be passed on. Of several licences, one may be chosen. */
class LicencesTest {

    /** Permissive, or for libraries that stay as they are; SPDX identifiers, and names where a project gives no identifier. */
    private static final Set<String> ALLOWED = Set.of(
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            // Of JLine and TwelveMonkeys, whose own texts have three clauses: their names for it are read as an older
            // one.
            "BSD-4-Clause",
            "BSD 3-clause License w/nuclear disclaimer",
            "The (New) BSD License",
            "CC0-1.0",
            "EPL-2.0",
            "LGPL-3.0+",
            "MIT",
            "MPL-2.0");

    @Test
    void eachComponentHasALicenceOfTheList() {
        JsonNode components = new JsonMapper()
                .readTree(Samples.content("META-INF/sbom/application.cdx.json"))
                .get("components");

        assertThat(components.size()).isGreaterThan(100);
        List<String> others = components
                .valueStream()
                .filter(it -> licences(it).noneMatch(ALLOWED::contains))
                .map(it -> "%s: %s"
                        .formatted(it.get("purl").asString(), licences(it).toList()))
                .toList();
        assertThat(others).isEmpty();
    }

    private static Stream<String> licences(JsonNode component) {
        return component
                .path("licenses")
                .valueStream()
                .map(it -> it.has("expression")
                        ? it.get("expression").asString()
                        : it.at("/license/id").asString(it.at("/license/name").asString("")));
    }

    @Test
    void nothingOfTheTestsIsAmongThem() {
        assertThat(new String(Samples.content("META-INF/sbom/application.cdx.json"), StandardCharsets.UTF_8))
                .doesNotContain("playwright", "testcontainers", "assertj", "jazzer");
    }
}
