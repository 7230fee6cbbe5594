// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A named choice of the cut-offs from which findings are positive. */
public enum OperatingPoint {
    /** The largest cut-offs with a sensitivity of at least 0.9. */
    SENSITIVE,
    /** The cut-offs of the largest sensitivity + specificity (Youden, Cancer 1950, 3:32). */
    BALANCED,
    /** The smallest cut-offs with a specificity of at least 0.9. */
    SPECIFIC;

    /** Returns its name as in manifests, parameters and settings. */
    @JsonValue
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the point of a name.
     *
     * @throws UnknownOperatingPointException if there is none
     */
    public static OperatingPoint of(String code) {
        return Arrays.stream(values())
                .filter(point -> point.code().equals(code))
                .findFirst()
                .orElseThrow(
                        () -> new UnknownOperatingPointException("There is no operating point '%.60s'; there are %s."
                                .formatted(
                                        code,
                                        Arrays.stream(values())
                                                .map(OperatingPoint::code)
                                                .collect(Collectors.joining(", ")))));
    }
}
