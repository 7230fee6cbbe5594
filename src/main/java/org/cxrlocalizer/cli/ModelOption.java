// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.ModelLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --model}, as commands that run one take it. */
final class ModelOption {

    @Option(names = "--model", paramLabel = "NAME|DIR", description = "Default: the configured model.")
    private @Nullable String model;

    /**
     * Loads the model that the option names: a package among those configured, or the directory of one.
     *
     * @param otherwise the name or the directory without the option
     */
    Classifier load(ModelLoader packages, String otherwise) {
        String wanted = model == null ? otherwise : model;
        Path directory = Path.of(wanted);
        return Files.isDirectory(directory) ? packages.load(directory) : packages.load(wanted);
    }
}
