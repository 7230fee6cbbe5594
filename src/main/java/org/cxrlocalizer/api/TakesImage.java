// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.cxrlocalizer.api.web.ImageUpload;
import org.springframework.http.MediaType;

/**
 * States that an operation takes an image, with the problems that each of these has. The OpenAPI document gets the raw bodies by it,
 * behind the form: an annotation of a body has no list of contents that two bodies could share.
 */
@Target(ElementType.ANNOTATION_TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Problems({
    ProblemType.MISSING_IMAGE,
    ProblemType.INVALID_IMAGE_INDEX,
    ProblemType.INVALID_POLICY,
    ProblemType.UNKNOWN_LABEL,
    ProblemType.UNKNOWN_METHOD,
    ProblemType.UNKNOWN_MODEL,
    ProblemType.IMAGE_TOO_LARGE,
    ProblemType.UNSUPPORTED_MEDIA_TYPE,
    ProblemType.UNSUPPORTED_TRANSFER_SYNTAX,
    ProblemType.UNREADABLE_IMAGE,
    ProblemType.NOT_A_FRONTAL_CHEST_RADIOGRAPH,
    ProblemType.QUEUE_FULL,
    ProblemType.NOT_READY,
    ProblemType.DEADLINE_PASSED
})
public @interface TakesImage {

    /** The media types of the raw bodies, in the order of the document. */
    List<String> RAW_BODIES = List.of(
            MediaType.IMAGE_PNG_VALUE,
            MediaType.IMAGE_JPEG_VALUE,
            ImageUpload.DICOM,
            MediaType.APPLICATION_OCTET_STREAM_VALUE);
}
