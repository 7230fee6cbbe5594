// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.cxrlocalizer.api.web.ImageUpload;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A controller whose operations all take an image, raw or as a multipart part. A body without a media type counts as
 * {@code application/octet-stream} (RFC 9110, section 8.3): its bytes decide what it is.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RestController
@RequestMapping(
        consumes = {
            MediaType.MULTIPART_FORM_DATA_VALUE,
            MediaType.IMAGE_PNG_VALUE,
            MediaType.IMAGE_JPEG_VALUE,
            "image/jpg",
            ImageUpload.DICOM,
            MediaType.APPLICATION_OCTET_STREAM_VALUE
        })
@interface ImageController {}
