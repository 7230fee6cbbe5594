// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.pacs.dicomweb.StudyInstance;

/** Which objects of a study are fetched. Their data sets decide later whether they are frontal chest radiographs. */
final class Candidates {

    /** Computed and digital radiographs, the latter for presentation and for processing (PS3.6, annex A). */
    private static final Set<String> RADIOGRAPHS =
            Set.of("1.2.840.10008.5.1.4.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1.1");

    /** Film scanners and research data, NIH's own among them, hold radiographs as secondary captures. */
    private static final Set<String> SECONDARY_CAPTURES =
            Set.of("1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.7.2", "1.2.840.10008.5.1.4.1.1.7.3");

    private static final Set<String> RADIOGRAPHY = Set.of("CR", "DX", "DR", "RG");

    private Candidates() {}

    /** Returns the objects of a study that may be radiographs, each once, in their order. */
    static List<StudyInstance> among(List<StudyInstance> instances) {
        Map<List<String>, StudyInstance> distinct = new LinkedHashMap<>();
        instances.stream()
                .filter(Candidates::isListedAsRadiograph)
                .forEach(instance ->
                        distinct.putIfAbsent(List.of(instance.seriesUid(), instance.sopInstanceUid()), instance));
        return List.copyOf(distinct.values());
    }

    /** A PACS that leaves the SOP class out is given the benefit of the doubt by the modality; the file has both. */
    private static boolean isListedAsRadiograph(StudyInstance instance) {
        return instance.sopClassUid().isEmpty()
                ? instance.modality().isEmpty() || RADIOGRAPHY.contains(instance.modality())
                : isRadiograph(instance.sopClassUid(), instance.modality());
    }

    /** Our own pictures are no radiographs: they are secondary captures of modality OT. */
    static boolean isRadiograph(String sopClassUid, String modality) {
        return RADIOGRAPHS.contains(sopClassUid)
                || (SECONDARY_CAPTURES.contains(sopClassUid) && RADIOGRAPHY.contains(modality));
    }
}
