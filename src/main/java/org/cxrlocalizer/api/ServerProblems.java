// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Answers what the servlet container refuses itself with a problem: ranges that a file lacks, broken chunks, TRACE. */
@RestController
@Hidden // no address of the API
class ServerProblems implements ErrorController {

    private static final String PATH = "/error";

    private final RequestMappingHandlerMapping operations;

    ServerProblems(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping operations) {
        this.operations = operations;
    }

    @RequestMapping(PATH)
    ResponseEntity<ProblemDetail> answer(HttpServletRequest request) throws NoResourceFoundException {
        if (request.getDispatcherType() != DispatcherType.ERROR) {
            throw new NoResourceFoundException(HttpMethod.valueOf(request.getMethod()), PATH, PATH);
        }
        HttpStatus status = status(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE));
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        String path = String.valueOf(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI));
        if (status == HttpStatus.METHOD_NOT_ALLOWED) {
            answer.allow(methods(path));
        }
        ProblemDetail problem = ProblemType.of(status).detail(detail(status));
        problem.setStatus(status);
        problem.setInstance(ProblemLimits.instance(path));
        return answer.body(problem);
    }

    private static HttpStatus status(@Nullable Object code) {
        HttpStatus status = code instanceof Integer number ? HttpStatus.resolve(number) : null;
        return status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
    }

    static String detail(HttpStatus status) {
        return switch (status) {
            case BAD_REQUEST -> "The request is not valid HTTP, or its body broke off.";
            case METHOD_NOT_ALLOWED -> "No address takes this method.";
            case REQUESTED_RANGE_NOT_SATISFIABLE -> "The file does not have this range of bytes.";
            case EXPECTATION_FAILED -> "Only the expectation '100-continue' is supported.";
            case NOT_IMPLEMENTED -> "The method or the transfer coding is not supported.";
            case HTTP_VERSION_NOT_SUPPORTED -> "The service speaks HTTP/1.1.";
            default ->
                status.is5xxServerError()
                        ? "The service failed. Its log has the cause."
                        : status.getReasonPhrase() + ".";
        };
    }

    /** Tomcat names every method that any servlet has. */
    private HttpMethod[] methods(String path) {
        PathContainer parsed = PathContainer.parsePath(path);
        Map<String, HttpMethod> methods = operations.getHandlerMethods().keySet().stream()
                .filter(it -> it.getPathPatternsCondition() != null
                        && it.getPathPatternsCondition().getPatterns().stream()
                                .anyMatch(pattern -> pattern.matches(parsed)))
                .flatMap(it -> it.getMethodsCondition().getMethods().stream())
                .map(RequestMethod::asHttpMethod)
                .collect(Collectors.toMap(HttpMethod::name, it -> it, (one, other) -> one));
        return methods.isEmpty()
                ? new HttpMethod[] {HttpMethod.GET}
                : methods.values().toArray(HttpMethod[]::new);
    }
}
