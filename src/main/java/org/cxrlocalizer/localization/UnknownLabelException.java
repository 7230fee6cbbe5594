// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.List;

/** A label was requested that the model does not have. */
public final class UnknownLabelException extends RuntimeException {

    public UnknownLabelException(String label, List<String> known) {
        super("The model has no label '%.60s'; it has %s.".formatted(label, String.join(", ", known)));
    }
}
