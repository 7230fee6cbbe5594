// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;
import org.cxrlocalizer.dicom.DerivedUid;
import org.cxrlocalizer.dicom.DicomException;

/**
 * What every document has at its head: the patient and study of its source, a series of its own, who made it and when.
 *
 * @param sopInstanceUid of the document
 * @param seriesUid of the documents of its kind in this study
 * @param seriesNumber of that series
 * @param seriesDescription at most 64 characters
 * @param created what the document states as its time; the moment at which it was made is not stated
 */
public record Header(
        SourceImage source,
        String sopInstanceUid,
        String seriesUid,
        int seriesNumber,
        String seriesDescription,
        Device device,
        DocumentTime created) {

    /** Elements of type 1 and 2, which are there with or without a value. */
    private static final Attribute[] IDENTITY = {
        Attribute.PATIENT_NAME,
        Attribute.PATIENT_ID,
        Attribute.PATIENT_BIRTH_DATE,
        Attribute.PATIENT_SEX,
        Attribute.STUDY_INSTANCE_UID,
        Attribute.STUDY_DATE,
        Attribute.STUDY_TIME,
        Attribute.STUDY_ID,
        Attribute.ACCESSION_NUMBER,
        Attribute.REFERRING_PHYSICIAN_NAME
    };

    /** Elements of type 3 and 1C. */
    private static final Attribute[] IDENTITY_IF_PRESENT = {
        Attribute.SPECIFIC_CHARACTER_SET,
        Attribute.ISSUER_OF_ACCESSION_NUMBER_SEQUENCE,
        Attribute.ISSUER_OF_PATIENT_ID,
        Attribute.TYPE_OF_PATIENT_ID,
        Attribute.ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE,
        Attribute.OTHER_PATIENT_IDS,
        Attribute.OTHER_PATIENT_IDS_SEQUENCE,
        Attribute.STUDY_DESCRIPTION
    };

    /**
     * Patient, general study, general series, enhanced general equipment and SOP common (PS3.3, sections C.7 and C.12). The
     * character set and the identity of patient and study have the image's bytes. So a PACS that reads them in its own way reads
     * them as it read the image's.
     *
     * @throws UnreferenceableImageException if the image's identity cannot be repeated
     */
    DataSetBuilder dataSet(String sopClassUid, String modality) {
        try {
            return described(
                    new DataSetBuilder()
                            .copyPresent(source.dataSet(), IDENTITY_IF_PRESENT)
                            .copy(source.dataSet(), IDENTITY),
                    sopClassUid,
                    modality);
        } catch (DicomException e) {
            throw new UnreferenceableImageException(
                    "No document can repeat the identity of the image's patient and study. " + e.getMessage());
        }
    }

    private DataSetBuilder described(DataSetBuilder builder, String sopClassUid, String modality) {
        if (created.offset() != null) {
            builder.text(Attribute.TIMEZONE_OFFSET_FROM_UTC, created.offset());
        }
        return builder.text(Attribute.SOP_CLASS_UID, sopClassUid)
                .text(Attribute.SOP_INSTANCE_UID, sopInstanceUid)
                .text(Attribute.MODALITY, modality)
                .text(Attribute.SERIES_INSTANCE_UID, seriesUid)
                .numbers(Attribute.SERIES_NUMBER, seriesNumber)
                .text(Attribute.SERIES_DESCRIPTION, seriesDescription)
                .numbers(Attribute.INSTANCE_NUMBER, instanceNumber(source.dataSet()))
                .text(Attribute.MANUFACTURER, device.manufacturer())
                .text(Attribute.MANUFACTURER_MODEL_NAME, device.model())
                .text(Attribute.DEVICE_SERIAL_NUMBER, device.serialNumber())
                .text(Attribute.SOFTWARE_VERSIONS, device.version());
    }

    String deviceUid() {
        return DerivedUid.of("device", device.manufacturer(), device.serialNumber());
    }

    /** Returns what distinguishes a region of this document from all others. */
    String trackingUid(String label, int number) {
        return DerivedUid.of(sopInstanceUid, label, String.valueOf(number));
    }

    /** Returns the instance number of the image, so that a study's documents stand in the order of their images. */
    private static int instanceNumber(DataSet image) {
        return image.string(Attribute.INSTANCE_NUMBER)
                .filter(number -> number.matches("[0-9]{1,9}"))
                .map(Integer::valueOf)
                .orElse(1);
    }

    String date() {
        return created.date();
    }

    String time() {
        return created.time();
    }
}
