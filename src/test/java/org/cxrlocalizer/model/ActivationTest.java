// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ActivationTest {

    @Test
    void sigmoidIsOneHalfAtZero() {
        assertThat(Activation.SIGMOID.probabilities(new float[] {0, 2, -1000}))
                .containsExactly(new double[] {0.5, 0.880797, 0}, within(1e-6));
    }

    @Test
    void softmaxStandsLargeLogits() {
        assertThat(Activation.SOFTMAX.probabilities(new float[] {1000, 1000 - (float) Math.log(3)}))
                .containsExactly(new double[] {0.75, 0.25}, within(1e-5));
    }
}
