package org.cxrlocalizer.pacs.jobs;

import java.util.Set;
import org.cxrlocalizer.pacs.dicomweb.StudyInstance;

/** Which objects of a study are worth fetching. Whether they are frontal chest radiographs, their own data sets say. */
final class Candidates {

    /** Computed and digital radiographs, the latter for presentation and for processing (PS3.6, annex A). */
    private static final Set<String> RADIOGRAPHS =
            Set.of("1.2.840.10008.5.1.4.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.5.1.4.1.1.1.1.1");

    /** Film scanners and research data, NIH's own among them, hold radiographs as secondary captures. */
    private static final Set<String> SECONDARY_CAPTURES =
            Set.of("1.2.840.10008.5.1.4.1.1.7", "1.2.840.10008.5.1.4.1.1.7.2", "1.2.840.10008.5.1.4.1.1.7.3");

    private static final Set<String> RADIOGRAPHY = Set.of("CR", "DX", "DR", "RG");

    private Candidates() {}

    /** Our own pictures are no radiographs: they are secondary captures of modality OT. */
    static boolean mayBeRadiograph(StudyInstance instance) {
        return RADIOGRAPHS.contains(instance.sopClassUid())
                || (SECONDARY_CAPTURES.contains(instance.sopClassUid()) && RADIOGRAPHY.contains(instance.modality()));
    }
}
