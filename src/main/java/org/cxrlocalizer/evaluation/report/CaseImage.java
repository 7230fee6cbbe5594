// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

/**
 * A case as a report shows it.
 *
 * @param jpeg the picture in base64; empty where there is none
 * @param note why there is no picture; empty where there is one
 */
public record CaseImage(String caption, String jpeg, String note) {

    boolean hasPicture() {
        return !jpeg.isEmpty();
    }
}
