// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

/**
 * The bytes are not a DICOM data set that can be read. The message names tags and offsets and never a value, which may be a
 * patient's.
 */
public final class DicomException extends RuntimeException {

    public DicomException(String message) {
        super(message);
    }

    static DicomException at(int offset, String what) {
        return new DicomException("At byte %d: %s.".formatted(offset, what));
    }

    static DicomException at(int offset, int tag, String what) {
        return new DicomException("At byte %d, element %s: %s.".formatted(offset, Attribute.format(tag), what));
    }
}
