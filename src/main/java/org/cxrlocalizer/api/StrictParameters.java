// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.cxrlocalizer.api.web.ImageUpload;
import org.cxrlocalizer.api.web.ReportUpload;
import org.cxrlocalizer.json.JsonFault;
import org.cxrlocalizer.json.NearestName;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.multipart.MultipartRequest;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.util.WebUtils;

/**
 * Refuses parameters, of the query or of a form, that the operation does not have, and those that are empty, too long or given
 * twice. Spring would pass them over, or bind {@code frame.x} and {@code labels[0]} to parts of a parameter.
 */
final class StrictParameters implements HandlerInterceptor {

    /**
     * Longest value of a parameter, in characters; fifty times a usual box policy. Binding more takes time before a request is
     * admitted.
     */
    private static final int LONGEST = 10_000;

    private static final int SHOWN = 60;
    private static final String LIST = "[]";

    private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();
    private final Map<Method, Map<String, Boolean>> parameters = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (RequestConfiguration.isOperation(handler) && handler instanceof HandlerMethod method) {
            Map<String, Boolean> known = parameters.computeIfAbsent(method.getMethod(), it -> parameters(method));
            checkFiles(WebUtils.getNativeRequest(request, MultipartRequest.class), files(method), known);
            request.getParameterMap()
                    .forEach((name, values) -> check(request.getParameterMap().keySet(), name, values, known));
        }
        return true;
    }

    /** Returns the names of the parts that an operation takes as files. */
    private static Set<String> files(HandlerMethod method) {
        Set<String> files = new TreeSet<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            if (parameter.getParameterType() == ImageUpload.class) {
                files.add(ImageUpload.PART);
            } else if (parameter.getParameterType() == ReportUpload.class) {
                files.add(ReportUpload.PART);
            }
        }
        return files;
    }

    private static void checkFiles(@Nullable MultipartRequest request, Set<String> taken, Map<String, Boolean> known) {
        if (request == null || !request.getMultiFileMap().containsKey(ImageUpload.PART)) {
            return; // there is none, or it is missing: the upload's own problem states it
        }
        request.getMultiFileMap().forEach((name, files) -> {
            if (!taken.contains(name)) {
                throw known.containsKey(name)
                        ? invalid("'%s' must be a field without a file name.".formatted(name))
                        : unknown(name, known.keySet());
            }
            if (files.size() > 1) {
                throw invalid("The form has more than one '%s'.".formatted(name));
            }
        });
    }

    private static void check(Set<String> given, String name, String[] values, Map<String, Boolean> known) {
        Boolean isList = known.get(name);
        if (isList == null && name.endsWith(LIST)) { // as axios and others write lists; Spring reads it so
            String plain = name.substring(0, name.length() - LIST.length());
            isList = given.contains(plain) ? null : known.get(plain);
        }
        if (isList == null || (name.endsWith(LIST) && !isList)) {
            throw unknown(name, known.keySet());
        }
        for (String value : values) {
            if (value.length() > LONGEST) {
                throw invalid("'%s' has more than %d characters.".formatted(name, LONGEST));
            }
        }
        if (!isList && values.length > 1) {
            throw invalid("'%s' is given %d times.".formatted(name, values.length));
        }
        if (!isList && values[0].isEmpty()) {
            throw invalid("'%s' is empty.".formatted(name));
        }
    }

    private static ProblemException unknown(String name, Set<String> known) {
        if (name.isEmpty()) {
            return invalid("A part of the form has no name.");
        }
        String shown = JsonFault.shorten(name, SHOWN);
        if (known.isEmpty()) {
            return invalid("There is no parameter '%s'; this address takes none.".formatted(shown));
        }
        return invalid(NearestName.of(name.split("[.\\[]", 2)[0], known)
                .map(nearest -> "There is no parameter '%s'; did you mean '%s'?".formatted(shown, nearest))
                .orElseGet(() -> "There is no parameter '%s'; this address takes %s."
                        .formatted(shown, String.join(", ", known))));
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_PARAMETER, detail);
    }

    /** Returns the names, and whether each may be given more than once. */
    private Map<String, Boolean> parameters(HandlerMethod method) {
        Map<String, Boolean> found = new TreeMap<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            parameter.initParameterNameDiscovery(names);
            Class<?> type = parameter.getParameterType();
            RequestParam single = parameter.getParameterAnnotation(RequestParam.class);
            if (single != null) {
                String name = single.name().isEmpty() ? String.valueOf(parameter.getParameterName()) : single.name();
                found.put(name, List.class.isAssignableFrom(type));
            } else if (type.isRecord()
                    && type != ImageUpload.class
                    && type != ReportUpload.class
                    && !parameter.hasParameterAnnotation(RequestBody.class)) {
                for (RecordComponent component : type.getRecordComponents()) {
                    found.put(component.getName(), List.class.isAssignableFrom(component.getType()));
                }
            }
        }
        return found;
    }
}
