// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static java.util.Map.entry;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Map;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.cxrlocalizer.api.events.TooManyStreamsException;
import org.cxrlocalizer.api.web.MissingImageException;
import org.cxrlocalizer.dicom.DicomException;
import org.cxrlocalizer.dicom.UnsupportedTransferSyntaxException;
import org.cxrlocalizer.dicom.documents.UnreferenceableImageException;
import org.cxrlocalizer.evaluation.jobs.UnknownDatasetException;
import org.cxrlocalizer.evaluation.jobs.UploadNotWrittenException;
import org.cxrlocalizer.evaluation.jobs.UploadTooLargeException;
import org.cxrlocalizer.evaluation.scoring.EvaluationTooLargeException;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.inference.InvalidPredictionException;
import org.cxrlocalizer.jobs.NoApiException;
import org.cxrlocalizer.localization.InvalidPolicyException;
import org.cxrlocalizer.localization.UncalibratedLabelException;
import org.cxrlocalizer.localization.UnfitPolicyException;
import org.cxrlocalizer.localization.UnknownLabelException;
import org.cxrlocalizer.model.UnknownMethodException;
import org.cxrlocalizer.model.UnknownOperatingPointException;
import org.cxrlocalizer.pacs.jobs.UnknownNodeException;
import org.cxrlocalizer.radiograph.ImageMemoryFullException;
import org.cxrlocalizer.radiograph.ImageTooLargeException;
import org.cxrlocalizer.radiograph.NoSuchFrameException;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.cxrlocalizer.reports.documents.ReportTooLargeException;
import org.cxrlocalizer.reports.documents.UnreadableReportException;
import org.cxrlocalizer.security.ForeignRequestException;
import org.cxrlocalizer.security.RateLimitedException;
import org.cxrlocalizer.serving.UnservedModelException;
import org.jobrunr.storage.StorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.dao.UncategorizedDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Maps every exception to an RFC 9457 problem, in this one place: by a table, or by a handler where an answer has more. */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration A_STREAM_MAY_HAVE_ENDED = Duration.ofSeconds(5);
    private static final Duration DATABASE_MAY_BE_BACK = Duration.ofSeconds(5);
    private static final Duration DISK_MAY_HAVE_ROOM = Duration.ofSeconds(5);

    /** The types of exceptions whose message is the detail of the answer. Each has no subclass. */
    private static final Map<Class<? extends Exception>, ProblemType> TYPES = Map.ofEntries(
            entry(NoApiException.class, ProblemType.NOT_FOUND),
            entry(MissingImageException.class, ProblemType.MISSING_IMAGE),
            entry(ImageTooLargeException.class, ProblemType.IMAGE_TOO_LARGE),
            entry(UnsupportedTransferSyntaxException.class, ProblemType.UNSUPPORTED_TRANSFER_SYNTAX),
            entry(NoSuchFrameException.class, ProblemType.INVALID_PARAMETER),
            entry(UnknownNodeException.class, ProblemType.UNKNOWN_PACS_NODE),
            entry(UnreferenceableImageException.class, ProblemType.UNREFERENCEABLE_IMAGE),
            entry(UnknownLabelException.class, ProblemType.UNKNOWN_LABEL),
            entry(UnknownMethodException.class, ProblemType.UNKNOWN_METHOD),
            entry(UnservedModelException.class, ProblemType.UNKNOWN_MODEL),
            entry(UnknownOperatingPointException.class, ProblemType.INVALID_PARAMETER),
            entry(UnknownDatasetException.class, ProblemType.UNKNOWN_DATASET),
            entry(UploadTooLargeException.class, ProblemType.PREDICTIONS_TOO_LARGE),
            entry(UnreadableImageException.class, ProblemType.UNREADABLE_IMAGE),
            entry(DicomException.class, ProblemType.UNREADABLE_IMAGE),
            entry(ReportTooLargeException.class, ProblemType.REPORT_TOO_LARGE),
            entry(UnreadableReportException.class, ProblemType.UNREADABLE_REPORT),
            entry(InvalidPolicyException.class, ProblemType.INVALID_POLICY),
            entry(UnfitPolicyException.class, ProblemType.INVALID_POLICY),
            entry(UncalibratedLabelException.class, ProblemType.INVALID_POLICY));

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ProblemException e) {
        return answer(e.type(), message(e));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(NotAFrontalChestRadiographException e) {
        ProblemDetail problem = ProblemType.NOT_A_FRONTAL_CHEST_RADIOGRAPH.detail(message(e));
        problem.setProperty("reason", e.reason().code());
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(EvaluationTooLargeException e) {
        ProblemDetail problem = ProblemType.EVALUATION_TOO_LARGE.detail(message(e));
        problem.setProperty("estimatedBytes", e.estimate());
        problem.setProperty("limitBytes", e.limit());
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(InferenceRefusedException e) {
        ProblemType type =
                switch (e.reason()) {
                    case QUEUE_FULL -> ProblemType.QUEUE_FULL;
                    case DEADLINE_PASSED -> ProblemType.DEADLINE_PASSED;
                    case DRAINING, DEVICE_LOST -> ProblemType.NOT_READY;
                };
        return later(type, message(e), e.retryAfter());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ImageMemoryFullException e) {
        return later(ProblemType.QUEUE_FULL, message(e), SOON);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(AuthenticationException e) {
        if (e instanceof AuthenticationServiceException) {
            return later(
                    ProblemType.NOT_READY, "The token cannot be checked, because its issuer does not answer.", SOON);
        }
        return answer(
                ProblemType.UNAUTHENTICATED,
                e instanceof InsufficientAuthenticationException
                        ? "This address needs a key or a token."
                        : "The key or token is invalid: unknown, expired, or for another service.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(RequestRejectedException e) {
        return answer(
                ProblemType.MALFORMED_REQUEST,
                "The address, a parameter or a header has characters that are not allowed there.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(AccessDeniedException e) {
        return answer(
                ProblemType.FORBIDDEN,
                e instanceof ForeignRequestException
                        ? message(e)
                        : "The key or the token lacks the scope for this address.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(RateLimitedException e) {
        return later(ProblemType.RATE_LIMITED, message(e), e.retryAfter());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(TooManyStreamsException e) {
        return later(ProblemType.RATE_LIMITED, message(e), A_STREAM_MAY_HAVE_ENDED);
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessResourceException.class,
        UncategorizedDataAccessException.class, // H2's first answer when its disk is full
        TransactionException.class,
        StorageException.class
    })
    ResponseEntity<ProblemDetail> handleDatabase(Exception e) {
        LOG.error("The job database is not available", e);
        return later(ProblemType.NOT_READY, "The job database is not available.", DATABASE_MAY_BE_BACK);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(ClientAbortException e) {
        return answer(ProblemType.MALFORMED_REQUEST, "The body broke off, or came too slowly.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(UploadNotWrittenException e) {
        LOG.error("An upload cannot be written to the state directory", e);
        return later(ProblemType.NOT_READY, message(e), DISK_MAY_HAVE_ROOM);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(MultipartException e) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
        // What the sender has done has a class of its own (Tomcat's ClientAbortException, for one).
        if (root.getClass() == IOException.class
                || root instanceof FileNotFoundException
                || root instanceof FileSystemException) {
            LOG.error("An upload cannot be written to the disk", e);
            return later(ProblemType.NOT_READY, "The service has no room for the upload.", DISK_MAY_HAVE_ROOM);
        }
        return answer(ProblemType.MALFORMED_REQUEST, "The multipart body cannot be read.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(InvalidParameterException e) {
        return answer(
                ProblemType.MALFORMED_REQUEST,
                "The parameters cannot be read: a percent sign without two hexadecimal digits, or too many of them.");
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(InvalidPredictionException e) {
        LOG.error("An image was not answered: {} See src/docs/operations.md on ONEDNN_MAX_CPU_ISA.", message(e));
        return answer(ProblemType.INTERNAL_ERROR, message(e));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handleOther(Exception e) {
        ProblemType type = TYPES.get(e.getClass());
        if (type != null) {
            return answer(type, message(e));
        }
        LOG.error("Unexpected failure", e);
        return answer(ProblemType.INTERNAL_ERROR, "The service failed. Its log has the cause.");
    }

    /** Everything that Spring MVC itself refuses gets one of our types; its own detail stays. */
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ResponseEntity<Object> answer = super.handleExceptionInternal(e, body, headers, status, request);
        if (answer != null && answer.getBody() instanceof ProblemDetail problem) {
            ProblemType type = RefusedBySpring.type(e, status);
            problem.setType(type.uri());
            problem.setTitle(type.title());
            problem.setDetail(RefusedBySpring.detail(e, problem.getDetail()));
        }
        return answer;
    }

    /** Spring takes any limit of a form for one of its size. */
    @Override
    protected @Nullable ResponseEntity<Object> handleMaxUploadSizeExceededException(
            MaxUploadSizeExceededException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail problem = RefusedBySpring.limit(e);
        if (problem != null) {
            return ResponseEntity.status(problem.getStatus())
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(problem);
        }
        return super.handleMaxUploadSizeExceededException(e, headers, status, request);
    }

    private static ResponseEntity<ProblemDetail> later(ProblemType type, String detail, Duration retryAfter) {
        return ResponseEntity.status(type.status())
                .header(HttpHeaders.RETRY_AFTER, String.valueOf(retryAfter.toSeconds()))
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(type.detail(detail));
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemType type, String detail) {
        return answer(type.detail(detail));
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }
}
