package org.cxrlocalizer.pacs.dicomweb;

/** A PACS did not do what was requested. Messages hold no identifiers. */
public class PacsException extends RuntimeException {

    private final boolean passing;
    private final boolean denied;

    PacsException(String message, boolean passing) {
        super(message);
        this.passing = passing;
        denied = false;
    }

    /** @param status of the answer, other than success */
    PacsException(int status) {
        super("The PACS answered with status %d.".formatted(status));
        passing = status >= 500 || status == 408 || status == 429;
        denied = status == 401 || status == 403 || status == 407;
    }

    PacsException(String message, Throwable cause) {
        super(message, cause);
        passing = true;
        denied = false;
    }

    /** Whether it may do so later: it cannot be reached, or has a trouble of its own. */
    public boolean isPassing() {
        return passing;
    }

    /** Whether it refused our credentials, so that it will refuse other requests as well. */
    public boolean isDenied() {
        return denied;
    }
}
