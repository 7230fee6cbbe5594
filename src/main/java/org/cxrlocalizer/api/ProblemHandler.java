// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static java.util.Map.entry;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.fileupload.impl.FileCountLimitExceededException;
import org.apache.tomcat.util.http.fileupload.impl.SizeException;
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
import org.cxrlocalizer.json.JsonFault;
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
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.dao.UncategorizedDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.TransactionException;
import org.springframework.validation.FieldError;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** Maps every exception to an RFC 9457 problem, in this one place: by a table, or by a handler where an answer has more. */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
    private static final int SHOWN = 60;

    /** Tomcat's limit of the head of a part is the same kind of failure, and far smaller. */
    private static final int SMALLEST_LIMIT_OF_IMAGES = 10_000;

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
            ProblemType type = type(e, status);
            problem.setType(type.uri());
            problem.setTitle(type.title());
            problem.setDetail(detail(e, problem));
        }
        return answer;
    }

    private static @Nullable String detail(Exception e, ProblemDetail problem) {
        if (e instanceof MethodArgumentNotValidException invalid) {
            return invalid.getFieldErrors().stream()
                    .map(ProblemHandler::describe)
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
        return problem.getDetail();
    }

    private static ResponseEntity<Object> problem(ProblemType type, String detail) {
        return ResponseEntity.status(type.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(type.detail(detail));
    }

    /** Spring takes any limit of a form for one of its size. */
    @Override
    protected @Nullable ResponseEntity<Object> handleMaxUploadSizeExceededException(
            MaxUploadSizeExceededException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
        if (root instanceof FileCountLimitExceededException parts) {
            return problem(
                    ProblemType.MALFORMED_REQUEST, "A form may have at most %d parts.".formatted(parts.getLimit()));
        }
        if (root instanceof SizeException size) {
            if (size.getPermittedSize() < SMALLEST_LIMIT_OF_IMAGES) {
                return problem(
                        ProblemType.MALFORMED_REQUEST,
                        "The head of a part may have at most %d bytes.".formatted(size.getPermittedSize()));
            }
            return problem(
                    ProblemType.IMAGE_TOO_LARGE, "It has more than %d bytes.".formatted(size.getPermittedSize()));
        }
        if (root instanceof IllegalStateException) { // Tomcat's limit of fields, which has no class of its own
            return problem(
                    ProblemType.MALFORMED_REQUEST,
                    "The parts without a file name have more than 2 MB; the image's part may have one.");
        }
        return super.handleMaxUploadSizeExceededException(e, headers, status, request);
    }

    /** Describes a field error without the Java types that the message of a binding failure names. */
    private static String describe(FieldError error) {
        return "'%s' %s."
                .formatted(
                        error.getField(),
                        error.isBindingFailure() ? "has a value of the wrong type" : error.getDefaultMessage());
    }

    private static ProblemType type(Exception e, HttpStatusCode status) {
        return e instanceof MethodArgumentNotValidException || e instanceof TypeMismatchException
                ? ProblemType.INVALID_PARAMETER
                : ProblemType.of(HttpStatus.valueOf(status.value()));
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
