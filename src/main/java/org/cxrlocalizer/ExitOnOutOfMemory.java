// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.util.function.IntConsumer;

/**
 * Ends the process when a thread dies of exhausted memory, for starts without {@code -XX:+ExitOnOutOfMemoryError}. Dead server
 * threads are not replaced: the process would accept connections and never answer. Its shutdown would wait for these threads.
 */
final class ExitOnOutOfMemory implements Thread.UncaughtExceptionHandler {

    /** The exit status of a JVM with that option. */
    private static final int STATUS = 3;

    private final Thread.UncaughtExceptionHandler others;
    private final IntConsumer halt;

    /** @param halt ends the process without its shutdown hooks, which may need memory */
    ExitOnOutOfMemory(Thread.UncaughtExceptionHandler others, IntConsumer halt) {
        this.others = others;
        this.halt = halt;
    }

    /** Is the default of all threads from now on. */
    static void install() {
        Thread.UncaughtExceptionHandler others = (thread, e) -> {
            System.err.printf("Exception in thread \"%s\" ", thread.getName());
            e.printStackTrace();
        };
        Thread.setDefaultUncaughtExceptionHandler(new ExitOnOutOfMemory(others, Runtime.getRuntime()::halt));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable e) {
        if (e instanceof OutOfMemoryError) {
            halt.accept(STATUS);
        }
        others.uncaughtException(thread, e);
    }
}
