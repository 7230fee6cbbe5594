// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import org.cxrlocalizer.model.ModelManifest;

/** The network gave values for an image that mean nothing. The image has no result; another try may succeed. */
public final class InvalidPredictionException extends RuntimeException {

    private InvalidPredictionException(String model, ModelManifest.Method method, String fault) {
        super("Model %s gave values by the method '%s' that %s.".formatted(model, method.name(), fault));
    }

    static InvalidPredictionException notFinite(String model, ModelManifest.Method method) {
        return new InvalidPredictionException(model, method, "are not finite");
    }

    static InvalidPredictionException noProbabilities(String model, ModelManifest.Method method) {
        return new InvalidPredictionException(model, method, "are not probabilities of cells");
    }
}
