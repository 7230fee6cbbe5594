package org.cxrlocalizer.localization;

import org.cxrlocalizer.model.ModelManifest.Activation;

/** From logits to probabilities. */
final class Probabilities {

    private Probabilities() {}

    static double[] of(float[] logits, Activation activation) {
        return activation.probabilities(logits);
    }
}
