// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The version and its date are stated in three files. */
class ReleaseTest {

    private static final Pattern HEADING = Pattern.compile("(?m)^## (\\S+) \\((\\d{4}-\\d\\d-\\d\\d)\\)$");

    private static MatchResult newest() throws IOException {
        return HEADING.matcher(Files.readString(Path.of("CHANGELOG.md")))
                .results()
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theCitationIsOfTheNewestVersion() throws IOException {
        assertThat(Files.readAllLines(Path.of("CITATION.cff")))
                .contains("version: " + newest().group(1), "date-released: " + newest().group(2));
    }

    @Test
    void theNewestVersionIsTheProjects() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains(
                        "<artifactId>cxr-localizer</artifactId>\n  <version>%s</version>".formatted(newest().group(1)));
    }
}
