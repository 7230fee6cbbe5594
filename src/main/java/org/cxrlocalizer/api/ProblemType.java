// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** The kinds of problem, which a client distinguishes by the {@code type} of an RFC 9457 answer. They never change. */
public enum ProblemType {
    MALFORMED_REQUEST(HttpStatus.BAD_REQUEST, "The request is malformed"),
    MISSING_IMAGE(HttpStatus.BAD_REQUEST, "The request has no image"),
    INVALID_PARAMETER(HttpStatus.BAD_REQUEST, "A parameter is invalid"),
    INVALID_IMAGE_INDEX(HttpStatus.BAD_REQUEST, "The image index is invalid"),
    INVALID_BOX(HttpStatus.BAD_REQUEST, "A box is invalid"),
    INVALID_POLICY(HttpStatus.BAD_REQUEST, "The box policy is invalid"),
    UNKNOWN_LABEL(HttpStatus.BAD_REQUEST, "No such label"),
    UNKNOWN_METHOD(HttpStatus.BAD_REQUEST, "No such class activation method"),
    UNKNOWN_DATASET(HttpStatus.BAD_REQUEST, "No such dataset"),
    UNKNOWN_EVALUATION(HttpStatus.NOT_FOUND, "No such evaluation"),
    EVALUATION_ENDED(HttpStatus.CONFLICT, "The evaluation has ended"),
    EVALUATION_NOT_ENDED(HttpStatus.CONFLICT, "The evaluation has not ended"),
    EVALUATION_WITHOUT_REPORT(HttpStatus.CONFLICT, "The evaluation has no report"),
    EVALUATION_REPORT_GONE(HttpStatus.GONE, "The evaluation's report was removed"),
    INVALID_PREDICTIONS(HttpStatus.UNPROCESSABLE_CONTENT, "The list of predicted boxes cannot be read"),
    PREDICTIONS_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The list of predicted boxes is too large"),
    EVALUATION_TOO_LARGE(HttpStatus.UNPROCESSABLE_CONTENT, "The evaluation needs too much memory"),
    UNKNOWN_IMAGE(HttpStatus.NOT_FOUND, "No ground truth for the image"),
    DATASET_NOT_CONFIGURED(HttpStatus.NOT_FOUND, "The service has no data entry file"),
    UNKNOWN_MODEL(HttpStatus.NOT_FOUND, "No such model"),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "Authentication required"),
    FORBIDDEN(HttpStatus.FORBIDDEN, "Permission denied"),
    RATE_LIMITED(HttpStatus.TOO_MANY_REQUESTS, "Rate limit exceeded"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "No such resource"),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "Method not allowed"),
    NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "No acceptable media type"),
    IMAGE_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The image is too large"),
    UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The media type is not supported"),
    UNSUPPORTED_TRANSFER_SYNTAX(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The DICOM transfer syntax is not supported"),
    UNREADABLE_IMAGE(HttpStatus.UNPROCESSABLE_CONTENT, "The image cannot be read"),
    NOT_A_FRONTAL_CHEST_RADIOGRAPH(
            HttpStatus.UNPROCESSABLE_CONTENT, "The DICOM file is not a frontal chest radiograph"),
    REPORT_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The report is too large"),
    UNREADABLE_REPORT(HttpStatus.UNPROCESSABLE_CONTENT, "The report cannot be read"),
    UNKNOWN_PACS_NODE(HttpStatus.NOT_FOUND, "No such PACS node"),
    UNKNOWN_PACS_JOB(HttpStatus.NOT_FOUND, "No such job"),
    PACS_JOB_ENDED(HttpStatus.CONFLICT, "The job has ended"),
    PACS_JOB_NOT_ENDED(HttpStatus.CONFLICT, "The job has not ended"),
    PACS_JOB_CANNOT_BE_RETRIED(HttpStatus.CONFLICT, "The job cannot be retried"),
    UNREFERENCEABLE_IMAGE(HttpStatus.UNPROCESSABLE_CONTENT, "The image cannot be referenced"),
    QUEUE_FULL(HttpStatus.TOO_MANY_REQUESTS, "Queue full"),
    NOT_READY(HttpStatus.SERVICE_UNAVAILABLE, "The service is not ready"),
    DEADLINE_PASSED(HttpStatus.GATEWAY_TIMEOUT, "Deadline exceeded"),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "Internal error");

    private final HttpStatus status;
    private final String title;

    ProblemType(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    public HttpStatus status() {
        return status;
    }

    public String title() {
        return title;
    }

    public URI uri() {
        return URI.create(
                "urn:cxr-localizer:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** Returns the type of what Spring or the servlet container refuse with a status alone. */
    static ProblemType of(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> NOT_FOUND;
            case METHOD_NOT_ALLOWED -> METHOD_NOT_ALLOWED;
            case NOT_ACCEPTABLE -> NOT_ACCEPTABLE;
            case CONTENT_TOO_LARGE -> IMAGE_TOO_LARGE;
            case UNSUPPORTED_MEDIA_TYPE -> UNSUPPORTED_MEDIA_TYPE;
            case SERVICE_UNAVAILABLE -> NOT_READY;
            case NOT_IMPLEMENTED, HTTP_VERSION_NOT_SUPPORTED -> MALFORMED_REQUEST;
            default -> status.is4xxClientError() ? MALFORMED_REQUEST : INTERNAL_ERROR;
        };
    }

    ProblemDetail detail(String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(uri());
        problem.setTitle(title);
        return problem;
    }
}
