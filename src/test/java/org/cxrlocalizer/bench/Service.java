// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The packaged jar in a process of its own, on loopback, with {@link Served} as its main class. */
final class Service implements AutoCloseable {

    /** As in the Dockerfile. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            // A line for each request would fill the pipe that is read for answers alone.
            "LOGGING_THRESHOLD_CONSOLE",
            "WARN",
            "OMP_WAIT_POLICY",
            "PASSIVE",
            "MALLOC_MMAP_THRESHOLD_",
            "1073741824",
            "MALLOC_TRIM_THRESHOLD_",
            "1073741824",
            "THP_MEM_ALLOC_ENABLE",
            "1");

    /** Of /proc, in a second; the same on every Linux that PyTorch runs on here. */
    private static final double CLOCK_TICKS = 100;

    private final Process process;
    private final BufferedReader output;
    private final PrintStream orders;
    private final URI uri;

    /** Starts it and waits until it is warm. */
    Service(Path jar, Path testClasses, Path torchScript, Path state, List<String> settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g", // what the image takes of the 2 GB that compose gives it
                "-XX:MaxDirectMemorySize=256m",
                "-XX:G1HeapRegionSize=16m",
                "-Dloader.path=" + testClasses,
                "-Dloader.main=" + Served.class.getName(),
                "-Dbench.model=" + torchScript,
                "-cp",
                jar.toString(),
                "org.springframework.boot.loader.launch.PropertiesLauncher",
                "--server.port=0",
                "--prediction-cache.size=0B",
                "--evaluation.directory=" + state));
        command.addAll(settings);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(ENVIRONMENT);
        process = builder.start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        uri = URI.create("http://127.0.0.1:" + answer("ready"));
    }

    URI uri(String path) {
        return uri.resolve(path);
    }

    /** Images a second of a bare loop of forward passes in the service's JVM, with as many threads as it has workers. */
    double bareLoop(int batch, int seconds) throws IOException {
        orders.println("loop %d %d".formatted(batch, seconds));
        return Double.parseDouble(answer("rate"));
    }

    /** The service logs to the same stream, so that all else is passed over. */
    private String answer(String kind) throws IOException {
        String wanted = "bench " + kind + " ";
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(wanted)) {
                return line.substring(wanted.length());
            }
            if (line.contains(" ERROR ") || line.contains(" WARN ")) {
                System.err.println(line);
            }
        }
        throw new IllegalStateException(
                "the service ended with the status " + process.onExit().join().exitValue());
    }

    double residentMegabytes() throws IOException {
        return status("VmRSS:") / 1024.0;
    }

    long threads() throws IOException {
        return status("Threads:");
    }

    /** CPU time that the service has used since it started. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    private long status(String key) throws IOException {
        String line = Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(candidate -> candidate.startsWith(key))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    /** CPU time that the machine's host has given to others since the machine started, of all processors together. */
    static double stolenSeconds() throws IOException {
        String total = Files.readAllLines(Path.of("/proc/stat")).get(0);
        return Long.parseLong(total.split("\\s+", -1)[8]) / CLOCK_TICKS;
    }

    /** A line of the JVM's and the machine's names, so that figures say where they come from. */
    static String machine() throws IOException {
        String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown processor");
        return String.format(
                Locale.ROOT,
                "%s, %d processors, JDK %s",
                processor,
                Runtime.getRuntime().availableProcessors(),
                Objects.requireNonNull(System.getProperty("java.version")));
    }

    @Override
    public void close() throws IOException {
        orders.close();
        process.onExit().join();
        output.close();
    }
}
