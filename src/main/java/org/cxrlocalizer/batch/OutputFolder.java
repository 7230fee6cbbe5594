// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;

/** The directory of the outputs. A file in it is whole, or is not there. */
record OutputFolder(Path directory) {

    /** Makes a directory, unless it is there, or a link to one. */
    static void make(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
    }

    void place(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        make(file.resolveSibling(""));
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.write(part, content);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    boolean hasAll(Collection<String> names) {
        return names.stream().allMatch(name -> Files.isRegularFile(directory.resolve(name)));
    }

    /** Deletes what an earlier run wrote of an image. */
    void clear(String image) throws IOException {
        for (OutputKind kind : OutputKind.values()) {
            delete(image + kind.ending());
        }
        delete(image + ImageOutputs.CAPTURE_ENDING);
    }

    /** Leaves directories, which are of an image whose own name ends so. A directory of this image may be a file of another one. */
    private void delete(String name) throws IOException {
        Path file = directory.resolve(name);
        if (Files.isRegularFile(file)) {
            Files.deleteIfExists(file);
        }
    }
}
