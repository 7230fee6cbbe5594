// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import java.util.Set;

/** A PACS did not do what was requested. Messages hold no identifiers. */
public class PacsException extends RuntimeException {

    private static final Set<Integer> OVERLOADED = Set.of(408, 429, 503, 504);

    private final boolean passing;
    private final boolean denied;
    private final boolean away;

    PacsException(String message, boolean passing) {
        super(message);
        this.passing = passing;
        denied = false;
        away = false;
    }

    /** @param status of the answer, other than success */
    PacsException(int status) {
        super("The PACS answered with status %d.".formatted(status));
        passing = status >= 500 || status == 408 || status == 429;
        denied = status == 401 || status == 403 || status == 407;
        away = OVERLOADED.contains(status);
    }

    PacsException(String message, Throwable cause) {
        super(message, cause);
        passing = true;
        denied = false;
        away = true;
    }

    /** Whether it may do so later: it cannot be reached, or has a trouble of its own. */
    public boolean isPassing() {
        return passing;
    }

    /** Whether it refused our credentials, so that it will refuse other requests as well. */
    public boolean isDenied() {
        return denied;
    }

    /** Whether it could not be reached or is overloaded, so that other requests will fail as well, and each may last. */
    public boolean isAway() {
        return away;
    }
}
