// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The fuzzer's seeds, which are good, and what it once found, whose names begin with "found". */
class FuzzTest {

    static Stream<Arguments> inputs() {
        return Arrays.stream(FuzzTarget.values())
                .flatMap(target -> target.inputs().stream().map(input -> Arguments.of(target, input)));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void seedsAreReadAndWhatWasFoundDoesNoHarm(FuzzTarget target, Path input) throws IOException {
        byte[] bytes = Files.readAllBytes(input);
        boolean wasFound = String.valueOf(input.getFileName()).startsWith("found");

        boolean decoded = assertTimeoutPreemptively(Duration.ofMinutes(1), () -> target.decodes(bytes));

        assertThat(decoded || wasFound).isTrue();
    }
}
