// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service in a process of its own, with its log in a file. */
public final class ServiceProcess implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private final Process process;
    private final Path log;

    private ServiceProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it on a free port.
     *
     * @param options of the JVM
     * @param arguments further ones, as {@code --evaluation.directory=state}
     */
    public static ServiceProcess start(Path log, List<String> options, String... arguments) throws IOException {
        List<String> command = ChildJvm.application(options, arguments);
        command.add("--server.port=0");
        return new ServiceProcess(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    /** Waits until it has started. */
    public int port() throws IOException {
        await("the service has started", () -> log().contains("Started Application"));
        Matcher port = PORT.matcher(log());
        assertThat(port.find()).isTrue();
        return Integer.parseInt(port.group(1));
    }

    /** Waits for a condition, and fails if the process ends before. */
    public void await(String what, Callable<Boolean> condition) throws IOException {
        Await.until(what, () -> condition.call() || !process.isAlive());
        requireAlive();
    }

    public void requireAlive() throws IOException {
        assertThat(process.isAlive()).as(log()).isTrue();
    }

    /** Stops it as a supervisor does, and requires that it ends by that signal. */
    public void stop() throws IOException, InterruptedException {
        process.destroy();
        assertThat(process.waitFor()).as(log()).isEqualTo(143);
    }

    /** Ends it without a chance to do anything. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
