// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.awaitility.pollinterval.IterativePollInterval.iterative;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Waits for conditions. The time limit ends a test that would wait for ever; it measures nothing. */
public final class Await {

    /** Of waits that go by something else, too: long enough for a machine whose processors have ten times too much to do. */
    public static final Duration LIMIT = Duration.ofMinutes(3);

    private static final Duration FIRST = Duration.ofMillis(30);
    private static final Duration LONGEST = Duration.ofMillis(500);

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
                .pollInterval(iterative(Await::next, FIRST))
                .pollInSameThread()
                .until(value, wanted);
    }

    /** What is waited for has more of the processors if a long wait looks seldom. */
    private static Duration next(Duration interval) {
        Duration longer = interval.multipliedBy(5).dividedBy(4);
        return longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }
}
