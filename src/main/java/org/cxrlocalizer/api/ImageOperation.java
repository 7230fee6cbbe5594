// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.cxrlocalizer.api.web.ImageUpload;

/**
 * Describes the body and the problems of an operation that takes an image, raw or as a multipart part. The form is the first of
 * them: generators of clients take the first, and most of them send raw bodies wrongly.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(
        required = true,
        description = "A PNG, JPEG or DICOM image, as the multipart part 'image', whose form may have the parameters"
                + " as fields, or as the raw body.",
        content = {
            @Content(mediaType = "multipart/form-data", schema = @Schema(implementation = ImageOperation.Form.class)),
            @Content(mediaType = "image/png", schema = @Schema(type = "string", format = "binary")),
            @Content(mediaType = "image/jpeg", schema = @Schema(type = "string", format = "binary")),
            @Content(mediaType = ImageUpload.DICOM, schema = @Schema(type = "string", format = "binary")),
            @Content(mediaType = "application/octet-stream", schema = @Schema(type = "string", format = "binary"))
        })
@Problems({
    ProblemType.MALFORMED_REQUEST,
    ProblemType.MISSING_IMAGE,
    ProblemType.INVALID_PARAMETER,
    ProblemType.INVALID_IMAGE_INDEX,
    ProblemType.INVALID_POLICY,
    ProblemType.UNKNOWN_LABEL,
    ProblemType.UNKNOWN_METHOD,
    ProblemType.IMAGE_TOO_LARGE,
    ProblemType.UNSUPPORTED_MEDIA_TYPE,
    ProblemType.UNSUPPORTED_TRANSFER_SYNTAX,
    ProblemType.UNREADABLE_IMAGE,
    ProblemType.NOT_A_FRONTAL_CHEST_RADIOGRAPH,
    ProblemType.QUEUE_FULL,
    ProblemType.NOT_READY,
    ProblemType.DEADLINE_PASSED
})
@interface ImageOperation {

    @Schema(name = "ImageForm", requiredProperties = "image")
    record Form(
            @Schema(type = "string", format = "binary", description = "The image; its file name serves as imageIndex.")
            String image) {}
}
