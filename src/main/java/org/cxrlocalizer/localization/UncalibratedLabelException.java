// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

/** The calibrated policy was requested, but the model's manifest has none for a label. */
public final class UncalibratedLabelException extends RuntimeException {

    UncalibratedLabelException(String label) {
        super("the model has no calibrated box policy for " + label);
    }
}
