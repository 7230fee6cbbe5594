// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

class AbsoluteStateDirectoryTest {

    private static MockEnvironment processed(String directory) {
        MockEnvironment environment = new MockEnvironment()
                .withProperty("evaluation.directory", directory)
                .withProperty("url", "jdbc:h2:${evaluation.directory}/database");
        new AbsoluteStateDirectory().postProcessEnvironment(environment, new SpringApplication());
        return environment;
    }

    @Test
    void aRelativePathIsBelowTheWorkingDirectoryAndInTheAddressOfTheDatabaseToo() {
        String directory = Path.of("").toAbsolutePath().resolve("state").toString();

        MockEnvironment environment = processed("state");

        assertThat(environment.getProperty("evaluation.directory")).isEqualTo(directory);
        assertThat(environment.getProperty("url")).isEqualTo("jdbc:h2:%s/database", directory);
    }

    @Test
    void anAbsolutePathStays() {
        assertThat(processed("/var/lib/state").getProperty("evaluation.directory"))
                .isEqualTo("/var/lib/state");
    }

    @Test
    void aBlankPathIsNotTakenForTheWorkingDirectory() {
        assertThat(processed(" ").getProperty("evaluation.directory")).isEqualTo(" ");
    }
}
