package org.cxrlocalizer.api;

/**
 * How large the storms of requests are: a tenth, or all of it where the system property {@code cxr.storms} is {@code full},
 * as {@code .ci/run --all} sets it ({@code ./mvnw verify -Dcxr.storms=full}).
 */
final class Storms {

    private static final boolean FULL = "full".equals(System.getProperty("cxr.storms"));

    private Storms() {}

    static int times(int full) {
        return FULL ? full : full / 10;
    }
}
