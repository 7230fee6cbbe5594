package org.cxrlocalizer.pacs.dicomweb;

/** A PACS did not do what it was asked to. Messages hold no identifiers. */
public class PacsException extends RuntimeException {

    private final boolean passing;

    PacsException(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    PacsException(String message, Throwable cause) {
        super(message, cause);
        passing = true;
    }

    /** Whether it may do so later: it cannot be reached, or has a trouble of its own. */
    public boolean isPassing() {
        return passing;
    }
}
