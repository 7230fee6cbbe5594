package org.cxrlocalizer.api;

/** A problem that the HTTP layer itself finds in a request. */
final class ProblemException extends RuntimeException {

    private final ProblemType type;

    ProblemException(ProblemType type, String detail) {
        super(detail);
        this.type = type;
    }

    ProblemType type() {
        return type;
    }
}
