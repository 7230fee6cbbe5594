// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import org.cxrlocalizer.radiograph.ImageMemory;
import org.cxrlocalizer.radiograph.Radiograph;
import org.jspecify.annotations.Nullable;

/**
 * An image as it came in: the raw body of a request, or its multipart part {@code image}.
 *
 * @param memory what the request has taken of it; given back when it ends
 * @param fileName the name that a multipart part states
 * @param declaredAsDicom whether it was sent as {@code application/dicom}
 */
public record ImageUpload(
        byte[] bytes,
        ImageMemory.Reservation memory,
        @Nullable String fileName,
        boolean declaredAsDicom) {

    /** The media type of a DICOM file. */
    public static final String DICOM = "application/dicom";

    /** The name of the multipart part. */
    public static final String PART = "image";

    /**
     * Takes memory for a picture of the image's size.
     *
     * @throws org.cxrlocalizer.radiograph.ImageMemoryFullException if other images leave none
     */
    public void takeForDrawing(Radiograph radiograph) {
        memory.takeForDrawing(radiograph);
    }

    /** Spring logs arguments at its finest level, and the name of a file may be that of a patient. */
    @Override
    public String toString() {
        return "an image of %d bytes".formatted(bytes.length);
    }
}
