// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.time.Instant;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;
import org.cxrlocalizer.dicom.DerivedUid;

/**
 * A grey picture that came without DICOM, as an anonymous Secondary Capture that documents can refer to. Its
 * UIDs are derived from the picture's hash: picture and documents fit together whenever they are made.
 */
public final class CapturedImage {

    private CapturedImage() {}

    /**
     * Writes a picture.
     *
     * @param hash of its file
     * @param samples row by row, unsigned
     * @param maximum the sample that stands for white: 255 or 65535
     */
    public static DataSet of(String hash, int width, int height, short[] samples, int maximum, Instant created) {
        DocumentTime time = DocumentTime.of(created);
        int bytesEach = maximum > 255 ? 2 : 1;
        DataSetBuilder capture = new DataSetBuilder()
                .text(Attribute.SPECIFIC_CHARACTER_SET, "ISO_IR 192")
                .text(Attribute.SOP_CLASS_UID, SecondaryCapture.SECONDARY_CAPTURE)
                .text(Attribute.SOP_INSTANCE_UID, DerivedUid.of("captured image", hash))
                .text(Attribute.STUDY_INSTANCE_UID, DerivedUid.of("captured study", hash))
                .text(Attribute.SERIES_INSTANCE_UID, DerivedUid.of("captured series", hash))
                .text(Attribute.CONVERSION_TYPE, "WSD")
                .text(Attribute.MODALITY, "OT")
                .text(Attribute.IMAGE_TYPE, "DERIVED", "SECONDARY")
                .text(Attribute.STUDY_DATE, time.date())
                .text(Attribute.STUDY_TIME, time.time())
                .text(Attribute.CONTENT_DATE, time.date())
                .text(Attribute.CONTENT_TIME, time.time())
                .numbers(Attribute.SERIES_NUMBER, 1)
                .numbers(Attribute.INSTANCE_NUMBER, 1);
        for (Attribute unknown : new Attribute[] {
            Attribute.PATIENT_NAME,
            Attribute.PATIENT_ID,
            Attribute.PATIENT_BIRTH_DATE,
            Attribute.PATIENT_SEX,
            Attribute.STUDY_ID,
            Attribute.ACCESSION_NUMBER,
            Attribute.REFERRING_PHYSICIAN_NAME,
            Attribute.PATIENT_ORIENTATION,
            Attribute.LATERALITY
        }) {
            capture.text(unknown, "");
        }
        return SecondaryCapture.pixels(capture, width, height, 1, bytesEach, "MONOCHROME2")
                .bytes(Attribute.PIXEL_DATA, bytes(samples, bytesEach))
                .build();
    }

    private static byte[] bytes(short[] samples, int bytesEach) {
        byte[] bytes = new byte[bytesEach * samples.length];
        for (int i = 0; i < samples.length; i++) {
            bytes[bytesEach * i] = (byte) samples[i];
            if (bytesEach == 2) {
                bytes[2 * i + 1] = (byte) (samples[i] >> 8);
            }
        }
        return bytes;
    }
}
