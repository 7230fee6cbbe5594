// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

/**
 * The body part and view that an image file states, in words or codes. A file without these, or a PNG or JPEG, states neither.
 *
 * @param chest whether it states that it shows the chest
 * @param frontal whether it states that it is a frontal view (PA or AP)
 */
public record Claims(boolean chest, boolean frontal) {

    static final Claims NONE = new Claims(false, false);
}
