// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints a line for each test that was skipped, and why. Surefire prints no reason, and nothing at all of a class that an
 * assumption of its {@code @BeforeAll} ends. The lines go past {@link System#out}, which Surefire redirects to a file.
 */
public final class SkippedTests implements TestExecutionListener {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        lines.add(line(test, reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            lines.add(
                    line(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason is given")));
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        PrintStream console = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        lines.forEach(console::println);
        lines.clear();
    }

    private static String line(TestIdentifier test, String reason) {
        return "[SKIPPED] %s: %s"
                .formatted(test.getSource().map(SkippedTests::name).orElse(test.getDisplayName()), reason);
    }

    private static String name(TestSource source) {
        if (source instanceof MethodSource method) {
            return "%s.%s".formatted(method.getJavaClass().getSimpleName(), method.getMethodName());
        }
        return source instanceof ClassSource type ? type.getJavaClass().getSimpleName() : source.toString();
    }
}
