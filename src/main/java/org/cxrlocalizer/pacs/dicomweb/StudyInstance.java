// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

/**
 * An object in a study, as a PACS lists it: its values without padding, and otherwise unchecked. What the PACS leaves out is
 * empty.
 */
public record StudyInstance(
        String studyUid, String seriesUid, String sopClassUid, String sopInstanceUid, String modality) {}
