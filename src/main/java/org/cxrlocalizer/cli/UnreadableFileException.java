// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** A file named on the command line that cannot be read. */
final class UnreadableFileException extends RuntimeException {

    UnreadableFileException(IOException cause) {
        super(message(cause), cause);
    }

    private static String message(IOException cause) {
        return cause instanceof NoSuchFileException || cause instanceof FileNotFoundException
                ? "There is no readable file " + cause.getMessage()
                : String.valueOf(cause.getMessage());
    }
}
