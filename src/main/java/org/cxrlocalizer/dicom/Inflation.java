// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates data sets (PS3.5, annex A.5). */
final class Inflation {

    private static final int ZLIB_HEADER = 0x78;

    private Inflation() {}

    /**
     * Inflates all that follows. The standard has no zlib header there; some writers do.
     *
     * @param most bytes that may come of it
     * @throws DicomException if the bytes are cut short or damaged
     * @throws DataSetTooLargeException if they inflate to more
     */
    static byte[] inflate(byte[] bytes, int from, int most, ParseNotes notes) {
        try {
            return inflate(bytes, from, most, true);
        } catch (DataFormatException e) {
            if (from < bytes.length && bytes[from] == ZLIB_HEADER) {
                try {
                    byte[] inflated = inflate(bytes, from, most, false);
                    notes.add("The file's deflated data set has a zlib header; it was read.");
                    return inflated;
                } catch (DataFormatException ignored) {
                    // It is damaged either way.
                }
            }
            throw new DicomException("The deflated data set is damaged.");
        }
    }

    private static byte[] inflate(byte[] bytes, int from, int most, boolean raw) throws DataFormatException {
        Inflater inflater = new Inflater(raw);
        try {
            inflater.setInput(bytes, from, bytes.length - from);
            ByteArrayOutputStream inflated = new ByteArrayOutputStream();
            byte[] block = new byte[1 << 16];
            while (!inflater.finished()) {
                int count = inflater.inflate(block);
                if (count == 0 && !inflater.finished()) {
                    throw new DicomException("The deflated data set is cut short.");
                }
                if (count > most - inflated.size()) {
                    throw new DataSetTooLargeException(most);
                }
                inflated.write(block, 0, count);
            }
            return inflated.toByteArray();
        } finally {
            inflater.end();
        }
    }
}
