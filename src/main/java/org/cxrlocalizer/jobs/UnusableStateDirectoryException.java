// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.io.IOException;
import java.nio.file.Path;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** The state directory cannot be written. */
class UnusableStateDirectoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnusableStateDirectoryException(Path directory, IOException cause) {
        super("The state directory %s cannot be written (%s).".formatted(directory, cause), cause);
    }

    /** Reports what to do, in place of a stack trace. */
    static final class Analyzer extends AbstractFailureAnalyzer<UnusableStateDirectoryException> {

        @Override
        protected FailureAnalysis analyze(Throwable root, UnusableStateDirectoryException cause) {
            return new FailureAnalysis(
                    cause.getMessage(),
                    "Let the user of this process write there, or set STATE_DIRECTORY to another directory.",
                    cause);
        }
    }
}
