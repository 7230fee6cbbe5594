package org.cxrlocalizer.inference;

import org.cxrlocalizer.model.ModelManifest;

/** The network gave values for an image that are no numbers. Nothing can be said of the image; another try may succeed. */
public final class NonFinitePredictionException extends RuntimeException {

    NonFinitePredictionException(String model, ModelManifest.Method method) {
        super("Model %s gave values by the method '%s' that are not finite.".formatted(model, method.name()));
    }
}
