// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The NIH data beside the project, which is not everywhere at hand. */
public final class NihData {

    public static final Path FOLDER = Path.of(System.getProperty("cxr.shared", "../shared/nih"));

    private NihData() {}

    /** Returns the images that have true boxes; without them, the test is skipped. */
    public static List<Path> boxed() throws IOException {
        Path boxed = FOLDER.resolve("boxed");
        assumeThat(boxed).as("the shared NIH images").isDirectory();
        try (Stream<Path> files = Files.list(boxed)) {
            List<Path> images =
                    files.filter(file -> file.toString().endsWith(".png")).toList();
            assertThat(images).hasSizeGreaterThanOrEqualTo(200);
            return images;
        }
    }
}
