// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/** What turns logits into probabilities. */
public enum Activation {
    @JsonProperty("sigmoid")
    SIGMOID,
    @JsonProperty("softmax")
    SOFTMAX;

    /** One for each logit. */
    public double[] probabilities(float[] logits) {
        double[] result = new double[logits.length];
        switch (this) {
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
