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

/** Describes the body and the problems of an operation that takes an image as {@link ImageOperation}, and a report beside it. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(
        required = true,
        description = "A PNG, JPEG or DICOM image, as the multipart part 'image', whose form may have the parameters"
                + " as fields and the image's report as the part 'report', or as the raw body.",
        content = {
            @Content(
                    mediaType = "multipart/form-data",
                    schema = @Schema(implementation = ReportedImageOperation.Form.class)),
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
    ProblemType.REPORT_TOO_LARGE,
    ProblemType.UNREADABLE_REPORT,
    ProblemType.QUEUE_FULL,
    ProblemType.NOT_READY,
    ProblemType.DEADLINE_PASSED
})
@interface ReportedImageOperation {

    @Schema(name = "LocalizationForm", requiredProperties = "image")
    record Form(
            @Schema(type = "string", format = "binary", description = "The image; its file name serves as imageIndex.")
            String image,

            @Schema(
                    description = "The image's report: text, or what `/v1/reports` reads in a part that states its"
                            + " media type. It is compared with the findings, and nothing of it is kept.",
                    pattern = "\\S")
            String report) {}
}
