// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** Records the subject of a request for the audit log. It never contains patient data. */
@Component
public class Audit {

    private static final String NOTES = Audit.class.getName();

    /** The object, by its SHA-256 in hexadecimal. */
    public void object(String sha256) {
        note("object", "sha256:" + sha256);
    }

    /** The object that a name stands for, where the name itself may be that of a patient. */
    public void named(String name) {
        object(DigestUtils.sha256Hex(name));
    }

    /** A model that took part, by its name, version and hash; several are joined by commas. */
    public void model(String name, String version, String sha256) {
        String model = "%s@%s@sha256:%s".formatted(name, version, sha256);
        note("model", model, (earlier, added) -> earlier.contains(added) ? earlier : earlier + "," + added);
    }

    /** The answer, in a word or number. */
    public void answer(String what) {
        note("answer", what);
    }

    private static void note(String name, String value) {
        note(name, value, (earlier, added) -> added);
    }

    private static void note(String name, String value, BinaryOperator<String> merge) {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        if (request != null) {
            Map<String, String> notes =
                    new LinkedHashMap<>(notes(request.getAttribute(NOTES, RequestAttributes.SCOPE_REQUEST)));
            notes.merge(name, value, merge);
            request.setAttribute(NOTES, notes, RequestAttributes.SCOPE_REQUEST);
        }
    }

    static Map<String, String> notes(HttpServletRequest request) {
        return notes(request.getAttribute(NOTES));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> notes(@Nullable Object attribute) {
        return attribute == null ? Map.of() : (Map<String, String>) attribute;
    }
}
