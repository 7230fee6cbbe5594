// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException.Reason;

/** Collects what speaks against an image: warnings, and refusals unless it is read by force. */
final class Objections {

    private final boolean force;
    private final List<String> warnings = new ArrayList<>();

    /** @param force makes warnings of refusals */
    Objections(boolean force) {
        this.force = force;
    }

    void warn(String text) {
        warnings.add(text);
    }

    /** @throws NotAFrontalChestRadiographException unless the image is read by force */
    void refuse(Reason reason, String text) {
        if (!force) {
            throw new NotAFrontalChestRadiographException(reason, text);
        }
        warn(text);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}
