// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import java.util.List;

/** A model was requested that this service does not run. */
public final class UnservedModelException extends RuntimeException {

    UnservedModelException(String name, List<String> served) {
        super("No model '%.60s' is served; there is %s.".formatted(name, String.join(", ", served)));
    }
}
