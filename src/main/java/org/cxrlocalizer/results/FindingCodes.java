// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.results;

import java.util.Map;
import org.cxrlocalizer.dicom.documents.Code;

/**
 * Codes of the dataset's labels, each as published elsewhere:
 *
 * <ul>
 *   <li>Effusion, Infiltration, Mass, Nodule, Pneumothorax, Edema: DICOM PS3.16's context groups of the chest (CID 6104, 6105,
 *       and others), as pydicom carries them;
 *   <li>Atelectasis, Fibrosis: the German Medical Informatics Initiative's concept map of adverse events to SNOMED CT
 *       ({@code mii-cm-onko-nebenwirkung-meddra-sct}), which was checked against the International Edition of 2025-07-01;
 *   <li>Cardiomegaly: the labels of Huo et al., Time-to-Event Pretraining for 3D Medical Imaging (ICLR 2025), which also has
 *       Atelectasis, Consolidation and Effusion so. PS3.16 has 287272002 for a heart that is found enlarged;
 *   <li>Consolidation, Emphysema, Hernia: the value set of incidental findings of HL7 Lithuania's lung cancer guide; Hernia also
 *       in an example of FHIR R4's FamilyMemberHistory;
 *   <li>Pneumonia: FHIR and OMOP examples at large (a concept of all pneumonias).
 * </ul>
 *
 * <p>The labels were mined from reports by their words, and are looser than some of these concepts: Consolidation is given as
 * one of the lung, Hernia as one of the diaphragm, and Edema as one of the lung. Pleural thickening, for which no published use
 * was found, and labels of other models are coded as themselves, in a scheme of our own.
 */
final class FindingCodes {

    private static final String SCT = "SCT";
    private static final String OURS = "99CXRLOC";
    private static final int LONGEST_VALUE = 16;
    private static final int LONGEST_MEANING = 64;

    private static final Map<String, Code> KNOWN = Map.ofEntries(
            Map.entry("Atelectasis", new Code("46621007", SCT, "Atelectasis")),
            Map.entry("Cardiomegaly", new Code("8186001", SCT, "Cardiomegaly")),
            Map.entry("Effusion", new Code("60046008", SCT, "Pleural effusion")),
            Map.entry("Infiltration", new Code("112121", "DCM", "Infiltrate")),
            Map.entry("Mass", new Code("4147007", SCT, "Mass")),
            Map.entry("Nodule", new Code("27925004", SCT, "Nodule")),
            Map.entry("Pneumonia", new Code("233604007", SCT, "Pneumonia")),
            Map.entry("Pneumothorax", new Code("36118008", SCT, "Pneumothorax")),
            Map.entry("Consolidation", new Code("95436008", SCT, "Lung consolidation")),
            Map.entry("Edema", new Code("19242006", SCT, "Pulmonary edema")),
            Map.entry("Emphysema", new Code("87433001", SCT, "Pulmonary emphysema")),
            Map.entry("Pleural_Thickening", new Code("PleuralThicken", OURS, "Pleural thickening")),
            Map.entry("Fibrosis", new Code("51615001", SCT, "Fibrosis of lung")),
            Map.entry("Hernia", new Code("39839004", SCT, "Diaphragmatic hernia")));

    private FindingCodes() {}

    /** @param label in characters that the document may have */
    static Code of(String label) {
        Code known = KNOWN.get(label);
        return known != null ? known : new Code(start(label, LONGEST_VALUE), OURS, start(label, LONGEST_MEANING));
    }

    private static String start(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
