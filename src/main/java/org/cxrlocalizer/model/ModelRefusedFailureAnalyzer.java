// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Reports at start, in two lines, without a stack trace, which model was refused and why. */
final class ModelRefusedFailureAnalyzer extends AbstractFailureAnalyzer<ModelRefusedException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ModelRefusedException cause) {
        return new FailureAnalysis(
                "The " + cause.getMessage() + ".",
                "Mend the package, or choose another one with 'model.name' and 'model.directory'.",
                cause);
    }
}
