// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Decides what is read of an element that a data set has twice, with different values. */
final class RepeatedElement {

    /** Longer values state nothing that is understood; without a limit, many repetitions would cost their square in bytes. */
    private static final int LONGEST = 256;

    private static final int MOST_ITEMS = 16;

    /** Elements that make the picture or name the patient and the study. */
    private static final Set<Integer> IDENTITY = tags(
            Attribute.SPECIFIC_CHARACTER_SET,
            Attribute.SOP_CLASS_UID,
            Attribute.SOP_INSTANCE_UID,
            Attribute.STUDY_INSTANCE_UID,
            Attribute.SERIES_INSTANCE_UID,
            Attribute.ACCESSION_NUMBER,
            Attribute.ISSUER_OF_ACCESSION_NUMBER_SEQUENCE,
            Attribute.STUDY_ID,
            Attribute.PATIENT_NAME,
            Attribute.PATIENT_ID,
            Attribute.ISSUER_OF_PATIENT_ID,
            Attribute.ISSUER_OF_PATIENT_ID_QUALIFIERS_SEQUENCE,
            Attribute.TYPE_OF_PATIENT_ID,
            Attribute.OTHER_PATIENT_IDS,
            Attribute.OTHER_PATIENT_IDS_SEQUENCE,
            Attribute.PATIENT_BIRTH_DATE,
            Attribute.PATIENT_SEX);

    /** Elements that state what the picture shows: one of the values may be the reason not to read it. */
    private static final Set<Integer> STATEMENTS = tags(
            Attribute.MODALITY,
            Attribute.PRESENTATION_INTENT_TYPE,
            Attribute.SERIES_DESCRIPTION,
            Attribute.PROTOCOL_NAME,
            Attribute.ACQUISITION_DEVICE_PROCESSING_DESCRIPTION,
            Attribute.BODY_PART_EXAMINED,
            Attribute.ANATOMIC_REGION_SEQUENCE,
            Attribute.PRIMARY_ANATOMIC_STRUCTURE_SEQUENCE,
            Attribute.VIEW_POSITION,
            Attribute.VIEW_CODE_SEQUENCE,
            Attribute.PROJECTION_EPONYMOUS_NAME_CODE_SEQUENCE,
            Attribute.PATIENT_ORIENTATION,
            Attribute.PATIENT_SPECIES_DESCRIPTION);

    private RepeatedElement() {}

    private static Set<Integer> tags(Attribute... attributes) {
        return Set.of(Stream.of(attributes).map(Attribute::tag).toArray(Integer[]::new));
    }

    /** Returns whether the file is not to be read, because no one of the values is the right one. */
    static boolean isContradiction(int tag) {
        int group = tag >>> 16;
        return IDENTITY.contains(tag)
                || (Attribute.of(tag) != null
                        && (group == Attribute.ROWS.tag() >>> 16 || group == Attribute.PIXEL_DATA.tag() >>> 16));
    }

    /** Returns one element of both values, where both are to be read; empty where the first is taken. */
    static Optional<Element> joined(int tag, Element first, Element second) {
        if (!STATEMENTS.contains(tag)) {
            return Optional.empty();
        }
        if (first instanceof Element.Value one && second instanceof Element.Value other) {
            int length = one.content().limit() + other.content().limit() + 1;
            return length > LONGEST ? Optional.empty() : Optional.of(joined(one, other, length));
        }
        return first instanceof Element.Sequence one
                        && second instanceof Element.Sequence other
                        && one.items().size() + other.items().size() <= MOST_ITEMS
                ? Optional.of(new Element.Sequence(Stream.of(one, other)
                        .flatMap(sequence -> sequence.items().stream())
                        .toList()))
                : Optional.empty();
    }

    private static Element joined(Element.Value first, Element.Value second, int length) {
        ByteBuffer both = ByteBuffer.allocate(length)
                .put(first.content().duplicate())
                .put((byte) '\\')
                .put(second.content().duplicate())
                .flip()
                .order(first.content().order());
        return new Element.Value(first.representation(), both, first.offset());
    }
}
