// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A dataset file is not as it was released; the message names the line. */
public final class InvalidDatasetException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidDatasetException(String message) {
        super(message);
    }

    /** Reports at start, in two lines, without a stack trace, what is wrong with a configured file. */
    static final class Analyzer extends AbstractFailureAnalyzer<InvalidDatasetException> {

        @Override
        protected FailureAnalysis analyze(Throwable root, InvalidDatasetException cause) {
            return new FailureAnalysis(
                    cause.getMessage(), "Mend the file, or name another one with the settings 'dataset'.", cause);
        }
    }
}
