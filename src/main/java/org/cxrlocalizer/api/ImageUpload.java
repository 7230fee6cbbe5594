package org.cxrlocalizer.api;

import org.jspecify.annotations.Nullable;

/**
 * An image as it came in: the raw body of a request, or its multipart part {@code image}.
 *
 * @param fileName the name that a multipart part states
 * @param declaredAsDicom whether it was sent as {@code application/dicom}
 */
record ImageUpload(byte[] bytes, @Nullable String fileName, boolean declaredAsDicom) {

    /** Spring logs arguments at its finest level, and the name of a file may be that of a patient. */
    @Override
    public String toString() {
        return "an image of %d bytes".formatted(bytes.length);
    }
}
