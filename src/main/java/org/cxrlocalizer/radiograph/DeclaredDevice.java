// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException.Reason;

/**
 * The kind of device that a data set states: its modality and its SOP class. Many radiographs are Secondary
 * Captures by SOP class: they were anonymised or converted.
 */
final class DeclaredDevice {

    private static final Set<String> RADIOGRAPHY = Set.of("CR", "DX");

    /** Projections too, but of other devices, or of no stated one. */
    private static final Set<String> PERHAPS_RADIOGRAPHY = Set.of("RG", "RF", "XA", "DR", "OT", "SC", "HC");

    /** The SOP classes of the standard share it. */
    private static final String STANDARD = "1.2.840.10008.";

    private record SopClass(String kind, String name) {}

    private static final Map<String, SopClass> SOP_CLASSES = sopClasses();

    private DeclaredDevice() {}

    private static Map<String, SopClass> sopClasses() {
        Map<String, SopClass> classes = new HashMap<>();
        TextTable.read("sop-classes.csv").forEach(row -> classes.put(row[0], new SopClass(row[1], row[2])));
        return classes;
    }

    /** The name of a stored object's SOP class; empty if it is not in the table. */
    static Optional<String> nameOf(String sopClassUid) {
        return Optional.ofNullable(SOP_CLASSES.get(sopClassUid)).map(SopClass::name);
    }

    static void check(Statement statement, Objections objections) {
        modality(statement, objections);
        statement.dataSet().string(Attribute.SOP_CLASS_UID).ifPresent(uid -> sopClass(uid, objections));
        if (statement.dataSet().strings(Attribute.PRESENTATION_INTENT_TYPE).stream()
                .anyMatch("FOR PROCESSING"::equalsIgnoreCase)) {
            refuseRaw(objections);
        }
    }

    private static void modality(Statement statement, Objections objections) {
        Set<String> others = statement.dataSet().strings(Attribute.MODALITY).stream()
                .map(modality -> modality.toUpperCase(Locale.ROOT))
                .filter(modality -> !modality.isEmpty() && !RADIOGRAPHY.contains(modality))
                .collect(Collectors.toSet());
        boolean isStated = statement.dataSet().string(Attribute.MODALITY).isPresent();
        if (!PERHAPS_RADIOGRAPHY.containsAll(others)) {
            objections.refuse(Reason.MODALITY, "The file's modality is not that of a chest radiograph (CR or DX).");
        } else if (!isStated || !others.isEmpty()) {
            objections.warn("The file does not state that it was made by projection radiography (modality CR or DX).");
        }
    }

    private static void sopClass(String uid, Objections objections) {
        SopClass sopClass = SOP_CLASSES.get(uid);
        if (sopClass == null && !uid.startsWith(STANDARD)) {
            objections.warn("The file's SOP class is not one of the standard's.");
        } else if (sopClass == null) {
            objections.refuse(Reason.MODALITY, "The file's SOP class is not one that radiographs are stored as.");
        } else {
            switch (sopClass.kind()) {
                case "radiograph" -> {}
                case "perhaps" ->
                    objections.warn("The file's SOP class, %s, is that of another device than a radiography unit."
                            .formatted(sopClass.name()));
                case "for-processing" -> refuseRaw(objections);
                default ->
                    objections.refuse(
                            Reason.MODALITY,
                            "The file's SOP class, %s, is not one that radiographs are stored as."
                                    .formatted(sopClass.name()));
            }
        }
    }

    private static void refuseRaw(Objections objections) {
        objections.refuse(
                Reason.FOR_PROCESSING,
                "The file holds raw detector data (FOR PROCESSING); its FOR PRESENTATION counterpart is wanted.");
    }
}
