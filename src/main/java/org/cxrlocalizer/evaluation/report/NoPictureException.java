package org.cxrlocalizer.evaluation.report;

/** A case of a report cannot be drawn; the message is the reason, without the name of a path. */
public final class NoPictureException extends Exception {

    public NoPictureException(String reason) {
        super(reason);
    }
}
