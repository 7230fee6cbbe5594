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

/**
 * Describes the body and the problems of an operation that takes an image, raw or as a multipart part. The form is the first body:
 * generators of clients take the first, and most of them send raw bodies wrongly.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(
        required = true,
        description = "A PNG, JPEG or DICOM image, as the multipart part 'image', whose form may have the parameters"
                + " as fields, or as the raw body.",
        content =
                @Content(
                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                        schema = @Schema(implementation = ImageOperation.Form.class)))
@TakesImage
@interface ImageOperation {

    /** Describes the part {@code image}. */
    String IMAGE = "The image; its file name serves as imageIndex.";

    @Schema(name = "ImageForm", requiredProperties = "image")
    record Form(
            @Schema(type = "string", format = "binary", description = IMAGE)
            String image) {}
}
