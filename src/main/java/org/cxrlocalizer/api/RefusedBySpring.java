// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.util.stream.Collectors;
import org.apache.tomcat.util.http.fileupload.impl.FileCountLimitExceededException;
import org.apache.tomcat.util.http.fileupload.impl.SizeException;
import org.cxrlocalizer.json.JsonFault;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** What Spring MVC refuses, in the words of our problems. */
final class RefusedBySpring {

    private static final int SHOWN = 60;

    /** Tomcat's limit of the head of a part is the same kind of failure, and far smaller. */
    private static final int SMALLEST_LIMIT_OF_IMAGES = 10_000;

    private RefusedBySpring() {}

    static ProblemType type(Exception e, HttpStatusCode status) {
        return e instanceof MethodArgumentNotValidException || e instanceof TypeMismatchException
                ? ProblemType.INVALID_PARAMETER
                : ProblemType.of(HttpStatus.valueOf(status.value()));
    }

    /** @param otherwise Spring's own detail, for what has no better one */
    static @Nullable String detail(Exception e, @Nullable String otherwise) {
        if (e instanceof MethodArgumentNotValidException invalid) {
            return invalid.getFieldErrors().stream()
                    .map(RefusedBySpring::describe)
                    .collect(Collectors.joining(" "));
        }
        if (e instanceof MethodArgumentTypeMismatchException mismatch) {
            return "'%s' has a value of the wrong type.".formatted(mismatch.getName());
        }
        if (e instanceof HttpMessageNotReadableException) {
            return "The body cannot be read: %s."
                    .formatted(
                            e.getCause() instanceof JacksonException fault ? JsonFault.describe(fault) : "it is empty");
        }
        if (e instanceof HttpMediaTypeNotSupportedException unsupported) {
            return (unsupported.getContentType() == null
                            ? "The Content-Type is missing or malformed; supported are %2$s."
                            : "The media type %s is not supported; supported are %s.")
                    .formatted(
                            JsonFault.shorten(String.valueOf(unsupported.getContentType()), SHOWN),
                            MediaType.toString(unsupported.getSupportedMediaTypes()));
        }
        if (e instanceof HttpRequestMethodNotSupportedException unsupported) {
            return "The method '%s' is not supported.".formatted(JsonFault.shorten(unsupported.getMethod(), SHOWN));
        }
        if (e instanceof NoResourceFoundException || e instanceof NoHandlerFoundException) {
            return "The service has no such path.";
        }
        return otherwise;
    }

    /** Describes a field error without the Java types that the message of a binding failure names. */
    private static String describe(FieldError error) {
        return "'%s' %s."
                .formatted(
                        error.getField(),
                        error.isBindingFailure() ? "has a value of the wrong type" : error.getDefaultMessage());
    }

    /** Describes a limit of Tomcat's that Spring takes for one of the form's size; null for any other. */
    static @Nullable ProblemDetail limit(MaxUploadSizeExceededException e) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
        if (root instanceof FileCountLimitExceededException parts) {
            return ProblemType.MALFORMED_REQUEST.detail(
                    "A form may have at most %d parts.".formatted(parts.getLimit()));
        }
        if (root instanceof SizeException size) {
            if (size.getPermittedSize() < SMALLEST_LIMIT_OF_IMAGES) {
                return ProblemType.MALFORMED_REQUEST.detail(
                        "The head of a part may have at most %d bytes.".formatted(size.getPermittedSize()));
            }
            return ProblemType.IMAGE_TOO_LARGE.detail("It has more than %d bytes.".formatted(size.getPermittedSize()));
        }
        if (root instanceof IllegalStateException) { // Tomcat's limit of fields, which has no class of its own
            return ProblemType.MALFORMED_REQUEST.detail(
                    "The parts without a file name have more than 2 MB; the image's part may have one.");
        }
        return null;
    }
}
