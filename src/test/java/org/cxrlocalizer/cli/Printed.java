// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.cxrlocalizer.Application;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Runs commands as from a shell, and catches what they print while a test runs. */
final class Printed implements BeforeEachCallback, AfterEachCallback {

    private static final Pattern LOGBACK =
            Pattern.compile("(?m)^\\d\\d:\\d\\d:\\d\\d,\\d{3} \\|-(WARN|INFO|ERROR) in .*\\R?");

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public void beforeEach(ExtensionContext context) {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    /** Returns the exit code; what earlier commands printed is forgotten. */
    int run(String... arguments) {
        out.reset();
        err.reset();
        return CommandLineInterface.run(Application.class, arguments);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /**
     * Without what logback states of itself: a background thread of another test's service may log while the command starts
     * logging again.
     */
    String err() {
        return LOGBACK.matcher(err.toString(StandardCharsets.UTF_8)).replaceAll("");
    }
}
