package org.cxrlocalizer.dataset;

/** A dataset file is not as it was released; the message names the line. */
public final class InvalidDatasetException extends RuntimeException {

    InvalidDatasetException(String message) {
        super(message);
    }
}
