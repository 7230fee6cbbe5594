// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitOnOutOfMemoryTest {

    private final List<Integer> halted = new ArrayList<>();
    private final List<Throwable> others = new ArrayList<>();

    private void die(Throwable e) throws InterruptedException {
        Thread thread = new Thread(() -> ExitOnOutOfMemoryTest.<RuntimeException>thrown(e));
        thread.setUncaughtExceptionHandler(new ExitOnOutOfMemory((dead, error) -> others.add(error), halted::add));
        thread.start();
        thread.join();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void thrown(Throwable e) throws E {
        throw (E) e;
    }

    @Test
    void aThreadThatDiesOfExhaustedMemoryEndsTheProcessWithTheStatusOfTheOption() throws Exception {
        die(new OutOfMemoryError("Java heap space"));
        assertThat(halted).containsExactly(3);
    }

    @Test
    void aThreadThatDiesOfSomethingElseEndsNothing() throws Exception {
        IllegalStateException e = new IllegalStateException();
        die(e);
        assertThat(halted).isEmpty();
        assertThat(others).containsExactly(e);
    }
}
