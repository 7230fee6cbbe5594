package org.cxrlocalizer.localization;

import java.util.Arrays;
import org.cxrlocalizer.model.ModelManifest.Activation;

/** From logits to probabilities. */
final class Probabilities {

    private Probabilities() {}

    static double[] of(float[] logits, Activation activation) {
        double[] result = new double[logits.length];
        switch (activation) {
            case SIGMOID -> Arrays.setAll(result, i -> 1 / (1 + Math.exp(-logits[i])));
            case SOFTMAX -> {
                double largest = Double.NEGATIVE_INFINITY;
                for (float logit : logits) {
                    largest = Math.max(largest, logit);
                }
                double shift = largest; // keeps exp in range
                Arrays.setAll(result, i -> Math.exp(logits[i] - shift));
                double sum = Arrays.stream(result).sum();
                Arrays.setAll(result, i -> result[i] / sum);
            }
        }
        return result;
    }
}
