// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

/** A model package cannot be used; the message names the package and the reason. */
public final class ModelRefusedException extends RuntimeException {

    public ModelRefusedException(String name, String reason) {
        super("model '%s' is refused: %s".formatted(name, reason));
    }

    public ModelRefusedException(String name, String reason, Throwable cause) {
        super("model '%s' is refused: %s".formatted(name, reason), cause);
    }
}
