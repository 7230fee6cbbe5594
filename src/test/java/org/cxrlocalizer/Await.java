// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Waits for conditions. The time limit ends a test that would wait for ever; it measures nothing. */
public final class Await {

    /** Of waits that go by something else, too: long enough for a machine whose processors have ten times too much to do. */
    public static final Duration LIMIT = Duration.ofMinutes(3);

    private static final Duration INTERVAL = Duration.ofMillis(50);

    private Await() {}

    /** @param what becomes true, for the message of a failure */
    public static void until(String what, Callable<Boolean> condition) {
        until(what, condition, Boolean::booleanValue);
    }

    /**
     * Waits for a value.
     *
     * @return the first value that is the wanted one
     */
    public static <T> T until(String what, Callable<T> value, Predicate<? super T> wanted) {
        return Awaitility.await(what)
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(INTERVAL)
                .pollInSameThread()
                .until(value, wanted);
    }
}
