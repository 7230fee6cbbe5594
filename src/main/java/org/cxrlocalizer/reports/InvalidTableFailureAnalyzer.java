// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports at start, in two lines, without a stack trace, what is wrong with a configured table of words. */
final class InvalidTableFailureAnalyzer extends AbstractFailureAnalyzer<InvalidTableException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, InvalidTableException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Correct the file, or name another one with 'reports.lexicon' or 'reports.rules'.",
                cause);
    }
}
