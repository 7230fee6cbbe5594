// SPDX-License-Identifier: Apache-2.0
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

    /** Spring logs exceptions at its finer levels, and the detail may repeat a name of the sender's own. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message is for the answer
    public String toString() {
        return "a problem: " + type;
    }
}
