package org.cxrlocalizer.evaluation;

/** An evaluation that must not run as asked; the message tells the user why. */
public final class EvaluationRefusedException extends RuntimeException {

    public EvaluationRefusedException(String message) {
        super(message);
    }
}
