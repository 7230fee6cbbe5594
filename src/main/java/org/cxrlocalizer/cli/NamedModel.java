// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.ModelLoader;

/** The model that a command's option names. */
final class NamedModel {

    private NamedModel() {}

    /** @param wanted the name of a configured package, or the directory of one */
    static Classifier load(ModelLoader packages, String wanted) {
        Path directory = Path.of(wanted);
        return Files.isDirectory(directory) ? packages.load(directory) : packages.load(wanted);
    }
}
