// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import org.cxrlocalizer.pacs.dicomweb.StudyInstance;

/**
 * An image that a job refused.
 *
 * @param sopInstanceUid as the PACS lists it, its first 64 characters; empty if the PACS does not state it
 * @param reason stable, in lower case with hyphens
 * @param detail for people
 */
public record RefusedImage(String sopInstanceUid, String reason, String detail) {

    private static final int LONGEST_UID = 64;

    static RefusedImage of(StudyInstance image, RefusedImageException refusal) {
        // What is none may hold anything; databases do not take zeros.
        String uid = image.sopInstanceUid().replaceAll("[^\\x20-\\x7e]", "?");
        return new RefusedImage(
                uid.substring(0, Math.min(LONGEST_UID, uid.length())), refusal.reason(), refusal.detail());
    }
}
