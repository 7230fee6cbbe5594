// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a class activation method learnt places from. */
public enum Supervision {
    /** From labels of whole images alone. Its maps are in logit units. */
    @JsonProperty("imageLabels")
    IMAGE_LABELS("image labels only"),
    /** From boxes as well. Its maps hold, for each cell, the probability that it lies in the label's box. */
    @JsonProperty("boxes")
    BOXES("calibrated on boxes");

    private final String words;

    Supervision(String words) {
        this.words = words;
    }

    /** Returns it as reports write it. */
    public String words() {
        return words;
    }
}
