// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;

/** Reads the body part and view that elements of a data set state. */
record Statement(DataSet dataSet) {

    /** Schemes of which every code means something definite, known here or not. */
    private static final Set<String> SNOMED = Set.of("SCT", "SRT", "SNM3", "SNM", "99SDM", "FMA");

    /** What is written of the image, or of its series. */
    private static final List<Attribute> OF_IMAGE = List.of(
            Attribute.SERIES_DESCRIPTION, Attribute.PROTOCOL_NAME, Attribute.ACQUISITION_DEVICE_PROCESSING_DESCRIPTION);

    /** What is written of all images of a study, or of what was ordered. */
    private static final List<Attribute> OF_STUDY = List.of(
            Attribute.STUDY_DESCRIPTION,
            Attribute.REQUESTED_PROCEDURE_DESCRIPTION,
            Attribute.PERFORMED_PROCEDURE_STEP_DESCRIPTION);

    List<Set<Meaning>> ofImage() {
        return OF_IMAGE.stream().map(this::text).toList();
    }

    List<Set<Meaning>> ofStudy() {
        return OF_STUDY.stream().map(this::text).toList();
    }

    /** Returns the meanings of a text or a code string. */
    Set<Meaning> text(Attribute attribute) {
        return Vocabulary.ofText(words(attribute));
    }

    /** What the declared character set cannot decode is UTF-8 if it can be, and Latin letters most often if not. */
    private String words(Attribute attribute) {
        String text = dataSet.text(attribute).orElse("");
        if (text.indexOf('\ufffd') < 0) {
            return text;
        }
        ByteBuffer bytes = dataSet.bytes(attribute).orElseThrow();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return StandardCharsets.ISO_8859_1.decode(bytes.rewind()).toString();
        }
    }

    /**
     * Returns the meanings of the codes of a sequence.
     *
     * @param unknown the meaning of a code of SNOMED or FMA that is in no table and has no name that is understood
     */
    Set<Meaning> codes(Attribute sequence, Set<Meaning> unknown) {
        Set<Meaning> meanings = EnumSet.noneOf(Meaning.class);
        for (DataSet item : dataSet.items(sequence)) {
            meanings.addAll(new Statement(item).code(unknown));
        }
        return meanings;
    }

    private Set<Meaning> code(Set<Meaning> unknown) {
        String value = dataSet.string(Attribute.CODE_VALUE).orElse("");
        Set<Meaning> known = Vocabulary.ofCode(value).map(Set::of).orElseGet(() -> text(Attribute.CODE_MEANING));
        boolean definite = dataSet.string(Attribute.CODING_SCHEME_DESIGNATOR)
                .filter(SNOMED::contains)
                .isPresent();
        return known.isEmpty() && definite && !value.isEmpty() ? unknown : known;
    }

    /** Returns a statement for each item of a sequence. */
    Stream<Statement> items(Attribute sequence) {
        return dataSet.items(sequence).stream().map(Statement::new);
    }

    boolean has(Attribute attribute) {
        return dataSet.string(attribute).isPresent()
                || !dataSet.items(attribute).isEmpty();
    }

    boolean is(Attribute attribute, String value) {
        return dataSet.string(attribute).filter(value::equalsIgnoreCase).isPresent();
    }
}
