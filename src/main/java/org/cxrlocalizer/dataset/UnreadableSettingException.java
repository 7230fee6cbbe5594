// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A setting names a file or directory that cannot be used. */
public final class UnreadableSettingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * @param setting its name
     * @param file as the setting names it
     * @param reason follows the file's name, as {@code does not exist}
     */
    public UnreadableSettingException(String setting, String file, String reason) {
        super("The setting %s names %s, which %s.".formatted(setting, file, reason));
    }

    /** Reports at start, in two lines, without a stack trace, which setting and file it is. */
    static final class Analyzer extends AbstractFailureAnalyzer<UnreadableSettingException> {

        @Override
        protected FailureAnalysis analyze(Throwable root, UnreadableSettingException cause) {
            return new FailureAnalysis(
                    cause.getMessage(), "Name a file that this process can read, or remove the setting.", cause);
        }
    }
}
