// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import org.jspecify.annotations.Nullable;

/**
 * What stands between an element's tag and its value (PS3.5, section 7.1).
 *
 * @param stated value representation; null where none is stated
 * @param length of the value in bytes, −1 if it is undefined
 * @param size of tag and header in bytes
 * @param encoding that the element is written in, and that its items are
 * @param note what is wrong with it, or null
 */
record ElementHeader(
        @Nullable ValueRepresentation stated,
        int length,
        int size,
        Encoding encoding,
        @Nullable String note) {

    static final int UNDEFINED_LENGTH = -1;

    /** A value representation that the dictionary has to replace. */
    boolean isUnknown() {
        return stated == null || stated == ValueRepresentation.UN;
    }
}
