// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@link DocumentedCallsTest} compares the answer in the README. */
class ReadmeTest {

    private static final int FRONT_PAGE = 150;

    @Test
    void theReadmeIsAFrontPage() throws IOException {
        assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(FRONT_PAGE);
    }
}
