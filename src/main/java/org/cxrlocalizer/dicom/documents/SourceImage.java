// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.text.Normalizer;
import java.util.List;
import java.util.stream.Collectors;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;
import org.cxrlocalizer.dicom.Uid;
import org.jspecify.annotations.Nullable;

/** The image that a document is about. */
public final class SourceImage {

    private static final Attribute[] IDENTIFIERS = {
        Attribute.STUDY_INSTANCE_UID, Attribute.SERIES_INSTANCE_UID, Attribute.SOP_CLASS_UID, Attribute.SOP_INSTANCE_UID
    };

    private static final List<String> UTF_8 = List.of("ISO_IR 192");

    private final DataSet dataSet;
    private final @Nullable Integer frame;

    /**
     * @param frame from 1; looked at only if there are several
     * @throws UnreferenceableImageException if the data set lacks a UID by which others refer to it, or has no valid one
     * @throws org.cxrlocalizer.dicom.DicomException if it lacks the size of the image
     */
    public SourceImage(DataSet dataSet, int frame) {
        for (Attribute identifier : IDENTIFIERS) {
            if (dataSet.string(identifier).isEmpty()) {
                throw new UnreferenceableImageException(
                        "The DICOM file lacks element %s, so that no document can refer to it.".formatted(identifier));
            }
            List<String> values = dataSet.strings(identifier);
            if (values.size() > 1 || !Uid.isValid(values.get(0))) {
                throw new UnreferenceableImageException(
                        "Element %s of the DICOM file is not a UID, so documents cannot reference the image."
                                .formatted(identifier));
            }
        }
        this.dataSet = dataSet;
        this.frame = dataSet.numberOfFrames() > 1 ? frame : null;
    }

    DataSet dataSet() {
        return dataSet;
    }

    public String studyUid() {
        return dataSet.requiredString(Attribute.STUDY_INSTANCE_UID);
    }

    public String seriesUid() {
        return dataSet.requiredString(Attribute.SERIES_INSTANCE_UID);
    }

    public String sopClassUid() {
        return dataSet.requiredString(Attribute.SOP_CLASS_UID);
    }

    public String sopInstanceUid() {
        return dataSet.requiredString(Attribute.SOP_INSTANCE_UID);
    }

    /** What distinguishes it from all other images: the SOP Instance UID, with the frame where it is not the first. */
    public String identity() {
        return frame == null || frame == 1 ? sopInstanceUid() : sopInstanceUid() + "#" + frame;
    }

    /** Whether its pixels are grey levels, and not colours or numbers of a palette. */
    public boolean isGrey() {
        return photometric().startsWith("MONOCHROME");
    }

    String photometric() {
        return dataSet.string(Attribute.PHOTOMETRIC_INTERPRETATION).orElse("");
    }

    /**
     * Returns text of our own as it may stand beside the image's text: unchanged if the image states UTF-8, and in ASCII
     * otherwise, which all character sets of PS3.3, section C.12.1.1.2, have. Other characters become their base letters or
     * their code points, as {@code U+03B1}. No backslash stays, because it separates values.
     */
    public String legible(String text) {
        String legible = text.replace('\\', '/').replaceAll("\\p{Cntrl}+", " ");
        if (dataSet.strings(Attribute.SPECIFIC_CHARACTER_SET).equals(UTF_8)) {
            return legible;
        }
        return Normalizer.normalize(legible, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "")
                .codePoints()
                .mapToObj(character -> character < 0x80 ? Character.toString(character) : "U+%04X".formatted(character))
                .collect(Collectors.joining());
    }

    int columns() {
        return dataSet.requiredInteger(Attribute.COLUMNS);
    }

    int rows() {
        return dataSet.requiredInteger(Attribute.ROWS);
    }

    /** To the whole object (PS3.3, table 10-11). */
    DataSet instanceReference() {
        return reference().build();
    }

    /** Returns a reference to the image, with the frame where there are several (PS3.3, table 10-3). */
    DataSetBuilder imageReference() {
        return frame == null ? reference() : reference().numbers(Attribute.REFERENCED_FRAME_NUMBER, frame);
    }

    private DataSetBuilder reference() {
        return new DataSetBuilder()
                .text(Attribute.REFERENCED_SOP_CLASS_UID, sopClassUid())
                .text(Attribute.REFERENCED_SOP_INSTANCE_UID, sopInstanceUid());
    }
}
