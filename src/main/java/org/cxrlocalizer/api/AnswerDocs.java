// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.MediaType;

/** Descriptions of the answers that several operations have, for the OpenAPI document. */
final class AnswerDocs {

    private AnswerDocs() {}

    /** A job that has been taken. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @ApiResponse(
            responseCode = "202",
            description = "Accepted.",
            headers = @Header(name = "Location", description = "Path of the job.", schema = @Schema(type = "string")))
    @interface Accepted {}

    /** No content, because the thing was deleted. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @ApiResponse(responseCode = "204", description = "Deleted.", content = @Content)
    @interface Deleted {}

    /** A PNG. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @ApiResponse(
            responseCode = "200",
            description = "The picture.",
            content =
                    @Content(
                            mediaType = MediaType.IMAGE_PNG_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    @interface Picture {}

    /** The stream of a job's progress. The operation's description is {@link #STATES}, what its data are, and {@link #ENDS}. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @ApiResponse(
            responseCode = "200",
            description = "The events.",
            content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string")))
    @interface Events {

        String STATES =
                "Server-Sent Events: `progress` with the present state and after each change, and `end` with the last"
                        + " one; then the stream ends. The data are JSON, as ";

        String ENDS =
                " `gone` states that it was deleted. A comment is sent when there was no event for 15 s. A stream that"
                        + " breaks off without `end` may be opened again, on any node.";
    }
}
