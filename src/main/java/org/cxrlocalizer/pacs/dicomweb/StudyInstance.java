package org.cxrlocalizer.pacs.dicomweb;

/**
 * An object in a study, as a PACS lists it.
 *
 * @param modality empty if the PACS does not say
 */
public record StudyInstance(String seriesUid, String sopClassUid, String sopInstanceUid, String modality) {}
