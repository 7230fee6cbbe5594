// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException.Reason;

/**
 * The part of the body that a data set states. Body Part Examined and region codes have precedence, then the texts of the image,
 * then those of its study. Where they contradict each other, the image is read with a warning, and does not count as one that
 * states the chest. So does an image of the chest with its neighbours. That is usual with a newborn, and a person may need it
 * read; the models were trained on the chest alone.
 */
final class DeclaredPart {

    private enum Part {
        CHEST,
        NEAR_CHEST,
        OTHER,
        /** A study of the chest and another part: an image of it shows one of them. */
        CHEST_OR_OTHER,
        UNSAID
    }

    /** Homo sapiens: SNOMED CT, its older form, NCBI's taxonomy. */
    private static final Set<String> HUMAN_CODES = Set.of("337915000", "L-85B00", "9606");

    private static final Set<String> HUMAN_WORDS = Set.of(
            "HUMAN", "HOMOSAPIENS", "HUMANHOMOSAPIENS", "HOMOSAPIENSHUMAN", "MENSCH", "HUMAIN", "HUMANO", "UMANO");

    private static final String OTHER_PART = "The file states that it shows another part of the body than the chest.";
    private static final String CONTRADICTION =
            "The file contradicts itself: it states the chest in one place, and another part of the body in another place.";

    private final Statement statement;
    private final Objections objections;

    private DeclaredPart(Statement statement, Objections objections) {
        this.statement = statement;
        this.objections = objections;
    }

    /** Returns whether the data set states that it shows the chest. */
    static boolean check(Statement statement, Objections objections) {
        DeclaredPart part = new DeclaredPart(statement, objections);
        part.species();
        return part.isChest();
    }

    private boolean isChest() {
        List<Set<Meaning>> fields = List.of(
                statement.text(Attribute.BODY_PART_EXAMINED),
                statement.codes(Attribute.ANATOMIC_REGION_SEQUENCE, EnumSet.of(Meaning.OTHER_PART)),
                statement.codes(Attribute.PRIMARY_ANATOMIC_STRUCTURE_SEQUENCE, Set.of()));
        List<Part> stated =
                fields.stream().map(meanings -> part(meanings, true)).toList();
        List<Part> ofImage =
                statement.ofImage().stream().map(text -> part(text, false)).toList();
        List<Part> ofStudy =
                statement.ofStudy().stream().map(DeclaredPart::partOfStudy).toList();
        for (List<Part> source : List.of(stated, ofImage, ofStudy)) {
            boolean chest = source.contains(Part.CHEST);
            boolean near = source.contains(Part.NEAR_CHEST);
            boolean other = source.contains(Part.OTHER);
            boolean contradicted = ofImage.contains(Part.OTHER)
                    || (!ofImage.contains(Part.CHEST)
                            && !ofImage.contains(Part.NEAR_CHEST)
                            && ofStudy.contains(Part.OTHER)
                            && !ofStudy.contains(Part.CHEST)
                            && !ofStudy.contains(Part.CHEST_OR_OTHER));
            if (other && !chest && !near && !source.contains(Part.CHEST_OR_OTHER)) {
                if (source == stated && ofImage.contains(Part.CHEST)) {
                    objections.warn(CONTRADICTION);
                } else {
                    objections.refuse(Reason.BODY_PART, OTHER_PART);
                }
                return false;
            }
            if (chest || near) {
                if (other || contradicted) {
                    objections.warn(CONTRADICTION);
                } else if (near || (source == stated && ofImage.contains(Part.NEAR_CHEST))) {
                    objections.warn(
                            "The file states that it shows a part of the chest, or the chest and its neighbours.");
                } else {
                    return true;
                }
                return false;
            }
        }
        objections.warn("The file does not state that it shows a chest.");
        return false;
    }

    private static Part part(Collection<Meaning> meanings, boolean field) {
        boolean chest = meanings.contains(Meaning.CHEST) || (field && meanings.contains(Meaning.CHEST_FIELD));
        boolean other = meanings.contains(Meaning.OTHER_PART)
                || (field && meanings.contains(Meaning.OTHER_PART_FIELD))
                || (!chest && meanings.contains(Meaning.FACE))
                || (!chest && field && meanings.contains(Meaning.DORSAL));
        chest |= field && !other && meanings.contains(Meaning.THORACIC);
        if (meanings.contains(Meaning.NEAR_CHEST) || (chest && other)) {
            return Part.NEAR_CHEST;
        }
        return chest ? Part.CHEST : other ? Part.OTHER : Part.UNSAID;
    }

    /** One of the chest and its wall has an image of the chest. */
    private static Part partOfStudy(Collection<Meaning> meanings) {
        if (!meanings.contains(Meaning.CHEST)) {
            return part(meanings, false);
        }
        return meanings.contains(Meaning.OTHER_PART) ? Part.CHEST_OR_OTHER : Part.CHEST;
    }

    private void species() {
        boolean human = statement
                        .dataSet()
                        .text(Attribute.PATIENT_SPECIES_DESCRIPTION)
                        .map(DeclaredPart::isHuman)
                        .orElse(true)
                && statement
                        .items(Attribute.PATIENT_SPECIES_CODE_SEQUENCE)
                        .flatMap(item -> item.dataSet().string(Attribute.CODE_VALUE).stream())
                        .allMatch(HUMAN_CODES::contains);
        boolean bred = statement.has(Attribute.PATIENT_BREED_DESCRIPTION)
                || statement.has(Attribute.PATIENT_BREED_CODE_SEQUENCE)
                || statement.has(Attribute.PATIENT_SEX_NEUTERED);
        if (!human || bred || saysAnimal()) {
            objections.refuse(Reason.BODY_PART, "The file states that it shows an animal.");
        }
    }

    private static boolean isHuman(String species) {
        String letters = species.replaceAll("[^\\p{L}]", "").toUpperCase(Locale.ROOT);
        return letters.isEmpty() || HUMAN_WORDS.contains(letters);
    }

    private boolean saysAnimal() {
        return statement.text(Attribute.BODY_PART_EXAMINED).contains(Meaning.ANIMAL)
                || statement.ofImage().stream().anyMatch(text -> text.contains(Meaning.ANIMAL))
                || statement.ofStudy().stream().anyMatch(text -> text.contains(Meaning.ANIMAL));
    }
}
