// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --label-map}, as commands that score against true boxes take it. */
final class LabelMapOption {

    @Option(
            names = "--label-map",
            paramLabel = "CSV",
            description = {
                "A table with the columns Model Label and Truth Label: labels that mean the same.",
                "Only these are scored. Default: all true labels, compared by their names."
            })
    private @Nullable Path file;

    @Nullable
    Path file() {
        return file;
    }
}
