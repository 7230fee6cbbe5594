// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.util.Optional;

/** Makes a yes or no of what a report states of a label. */
public enum LabelPolicy {
    /** Negated and uncertain mentions are out, as in Wang et al., CVPR 2017, section 3.1. */
    CERTAIN,
    /** Uncertain mentions are in, as CheXpert's "U-Ones" (Irvin et al., AAAI 2019, section 3.2). */
    UNCERTAIN_TOO;

    /** Returns the policy of a name, {@code certain} or {@code uncertain-too}. */
    public static Optional<LabelPolicy> named(String name) {
        return switch (name) {
            case "certain" -> Optional.of(CERTAIN);
            case "uncertain-too" -> Optional.of(UNCERTAIN_TOO);
            default -> Optional.empty();
        };
    }

    /** Returns whether the label is a yes. */
    public boolean accepts(LabelState state) {
        return state == LabelState.PRESENT || (this == UNCERTAIN_TOO && state == LabelState.UNCERTAIN);
    }
}
