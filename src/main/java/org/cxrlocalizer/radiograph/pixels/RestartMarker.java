// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.pixels;

import org.jspecify.annotations.Nullable;

/**
 * A restart marker (RST0 to RST7) between two segments of entropy-coded data of a JPEG or JPEG-LS image (ITU-T T.81, section
 * B.1.1.3).
 *
 * @param number 0 to 7
 * @param end the position behind it
 */
public record RestartMarker(int number, int end) {

    private static final int ONES = 0xff;
    private static final int FIRST = 0xd0;
    private static final int LAST = 0xd7;

    /** Returns the marker at a position, behind any fill bytes; null if none is there. */
    public static @Nullable RestartMarker at(byte[] bytes, int position) {
        int at = position;
        while (at + 1 < bytes.length && (bytes[at + 1] & 0xff) == ONES) {
            at++;
        }
        int code = at + 1 < bytes.length ? bytes[at + 1] & 0xff : 0;
        return code >= FIRST && code <= LAST ? new RestartMarker(code - FIRST, at + 2) : null;
    }
}
