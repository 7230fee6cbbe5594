// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.util.function.IntConsumer;

/**
 * Ends the process when a thread dies of exhausted memory, as {@code -XX:+ExitOnOutOfMemoryError} does, for starts without
 * that option: the threads of the server that died are not replaced, so that the process would accept connections and never
 * answer, and its shutdown would wait for them.
 */
final class ExitOnOutOfMemory implements Thread.UncaughtExceptionHandler {

    /** That of the option. */
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
