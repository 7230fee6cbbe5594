// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How much is tried of what is alike: a part, or all of it where the system property {@code cxr.storms} is {@code full}, as
 * {@code .ci/run --all} sets it ({@code ./mvnw verify -Dcxr.storms=full}).
 */
public final class Extent {

    private static final boolean FULL = "full".equals(System.getProperty("cxr.storms"));

    private Extent() {}

    /** Returns the number of requests of a storm, or a tenth of it. */
    public static int times(int full) {
        return FULL ? full : full / 10;
    }

    /** Returns a number of things, or one that a short run takes. */
    public static int times(int full, int few) {
        return FULL ? full : few;
    }

    /** Returns all of some images, or every so many of them. */
    public static <T> List<T> of(List<T> all, int every) {
        return FULL
                ? all
                : IntStream.range(0, all.size())
                        .filter(i -> i % every == 0)
                        .mapToObj(all::get)
                        .toList();
    }
}
