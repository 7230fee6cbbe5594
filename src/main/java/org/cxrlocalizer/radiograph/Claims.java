// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

/**
 * What an image file says of its content, in words or codes. A file that says nothing, or a format that cannot say it (PNG,
 * JPEG), claims nothing.
 *
 * @param chest whether it says that it shows the chest
 * @param frontal whether it says that it is a frontal view (PA or AP)
 */
public record Claims(boolean chest, boolean frontal) {

    static final Claims NONE = new Claims(false, false);
}
