// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import java.util.Locale;

/** Why a job refused an image, besides the reasons for which the image's own statements are one; stable. */
enum RefusalReason {
    /** The PACS lists it with a UID that is missing or none, or under another study. */
    INVALID_UID,
    /** The PACS sent another image than the requested one. */
    UID_MISMATCH,
    /** The PACS does not give it. */
    NOT_RETRIEVED,
    /** The PACS failed each time, or does not take the results. */
    PACS_FAILED,
    /** Its object is of a kind that holds no radiographs. */
    NOT_A_RADIOGRAPH,
    /** Its file does not state that it shows a chest. */
    CHEST_NOT_STATED,
    /** Its file does not state that it is a frontal view. */
    FRONTAL_NOT_STATED,
    /** It has one grey value only. */
    BLANK_IMAGE,
    UNREADABLE_IMAGE,
    IMAGE_TOO_LARGE,
    UNSUPPORTED_TRANSFER_SYNTAX,
    UNREFERENCEABLE_IMAGE,
    /** The service failed each time. */
    FAILED;

    /** In lower case with hyphens. */
    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
