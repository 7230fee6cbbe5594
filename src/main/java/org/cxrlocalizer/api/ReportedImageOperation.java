// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.MediaType;

/** Describes the body and the problems of an operation that takes an image as {@link ImageOperation}, and a report beside it. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(
        required = true,
        description = "A PNG, JPEG or DICOM image, as the multipart part 'image', whose form may have the parameters"
                + " as fields and the image's report as the part 'report', or as the raw body.",
        content =
                @Content(
                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                        schema = @Schema(implementation = ReportedImageOperation.Form.class)))
@TakesImage
@Problems({ProblemType.REPORT_TOO_LARGE, ProblemType.UNREADABLE_REPORT})
@interface ReportedImageOperation {

    @Schema(name = "LocalizationForm", requiredProperties = "image")
    record Form(
            @Schema(type = "string", format = "binary", description = ImageOperation.IMAGE)
            String image,

            @Schema(
                    description = "The image's report: text, or what `/v1/reports` reads in a part that states its"
                            + " media type. It is compared with the findings, and nothing of it is kept.",
                    pattern = "\\S")
            String report) {}
}
