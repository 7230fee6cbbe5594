// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FontsTest {

    @TempDir
    Path folder;

    @Test
    void noProblemIsReportedWithAFont() {
        assertThat(Fonts.problem()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void missingFontsAreReportedWithARemedy() throws IOException {
        Path none = Files.writeString(folder.resolve("fonts.conf"), "<fontconfig></fontconfig>");
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Duser.home=" + folder, // where Java keeps a list of the fonts that it found
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FontsTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        java.environment().put("FONTCONFIG_FILE", none.toString());

        Process process = java.start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("no font can be used (", "install fontconfig and a font");
    }

    /** A process of its own, because Java looks for fonts once. */
    public static void main(String[] args) {
        System.out.println(Fonts.problem().orElse("no problem"));
    }
}
