// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import java.util.List;

/** A class activation method was requested that the model does not have. */
public final class UnknownMethodException extends RuntimeException {

    UnknownMethodException(String method, List<String> available) {
        super("The model has no method '%.60s'; it has %s.".formatted(method, String.join(", ", available)));
    }
}
