// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.Device;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cxrlocalizer.model.ManifestReader;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelPackage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;

/**
 * Probes TorchScript files: it runs each for the first time on the CPU, in a process of its own. Native code can end its
 * process: oneDNN 3.7.1, for one, divides by zero for some convolutions on some processors. A process that serves requests
 * must not be the one that ends.
 *
 * <p>Files share a process until one of them ends it, because its start takes longer than most first runs. For use by one
 * thread at a time.
 */
final class ModelProbe implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final String SPRING_BOOT_LAUNCHER = "org.springframework.boot.loader.launch.PropertiesLauncher";

    /** Matches HotSpot's report of a fatal error: the signal, and the native frame that raised it. */
    private static final Pattern FATAL =
            Pattern.compile("^# +(SIG\\w+) .*?^# Problematic frame:\\R# +(.*?)$", Pattern.MULTILINE | Pattern.DOTALL);

    /** They may open ports, as for a debugger; the properties among them are passed on as arguments. */
    private static final Set<String> OPTIONS_OF_THIS_PROCESS =
            Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private @Nullable ModelProbeProcess process;
    private int threadsOfProcess;

    /**
     * Runs every method at every size. Exceptions that the file raises are ignored; the caller's own run raises them too.
     *
     * @param file what messages call it
     * @param threads of a forward pass
     * @throws Network.UnusableException if the process ends before the run does
     */
    void run(String file, byte[] manifest, byte[] torchScript, int maxBatch, int threads) {
        try {
            boolean shared = process != null && threadsOfProcess == threads;
            ModelProbeProcess.Ended ended = runOnce(manifest, torchScript, maxBatch, threads);
            if (ended != null && shared) { // an earlier file may have caused it
                ended = runOnce(manifest, torchScript, maxBatch, threads);
            }
            if (ended != null) {
                throw new Network.UnusableException(
                        "%s ended the process that tried it: %s".formatted(file, reason(ended)));
            }
        } catch (IOException e) {
            throw new Network.UnusableException(
                    "%s cannot be tried in a process of its own: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** @return how the process ended, or null if it goes on */
    private ModelProbeProcess.@Nullable Ended runOnce(byte[] manifest, byte[] torchScript, int maxBatch, int threads)
            throws IOException {
        if (process != null && threadsOfProcess != threads) {
            close();
        }
        ModelProbeProcess current = process;
        if (current == null) {
            current = start(threads);
        }
        process = null;
        ModelProbeProcess.Ended ended = current.run(maxBatch, manifest, torchScript, LONGEST);
        if (ended == null) {
            process = current;
            threadsOfProcess = threads;
        }
        return ended;
    }

    private static ModelProbeProcess start(int threads) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(threads)).redirectErrorStream(true);
        builder.environment().keySet().removeAll(OPTIONS_OF_THIS_PROCESS);
        return new ModelProbeProcess(builder.start());
    }

    private static List<String> command(int threads) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-D") && !argument.startsWith("-Dcom.sun.management."))
                .forEach(command::add);
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:+ErrorFileToStdout",
                "-cp",
                System.getProperty("java.class.path")));
        if (inSpringBootsArchive()) {
            command.addAll(List.of("-Dloader.main=" + ModelProbe.class.getName(), SPRING_BOOT_LAUNCHER));
        } else {
            command.add(ModelProbe.class.getName());
        }
        command.add(String.valueOf(threads));
        return command;
    }

    private static boolean inSpringBootsArchive() {
        return ModelProbe.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()
                .startsWith("jar:nested:");
    }

    private static String reason(ModelProbeProcess.Ended ended) {
        Matcher fatal = FATAL.matcher(ended.printed());
        return fatal.find()
                ? "%s in %s".formatted(fatal.group(1), fatal.group(2))
                : "exit status " + ended.exitStatus();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
            process = null;
        }
    }

    /** The other process. Takes the number of threads as an argument, and files from its standard input until that ends. */
    public static void main(String[] args) throws IOException {
        Locale.setDefault(Locale.ROOT);
        int threads = Integer.parseInt(args[0]);
        PyTorchSettings.apply(threads);
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        while (in.read() == ModelProbeProcess.NEXT) {
            int maxBatch = in.readInt();
            byte[] manifest = in.readNBytes(in.readInt());
            byte[] torchScript = in.readNBytes(in.readInt());
            try {
                probe(manifest, torchScript, maxBatch, threads);
            } catch (RuntimeException e) {
                System.out.println(e.getMessage());
            }
            System.out.printf("%n%s%n", ModelProbeProcess.DONE);
            System.out.flush();
        }
        System.exit(0);
    }

    private static void probe(byte[] yaml, byte[] torchScript, int maxBatch, int threads) {
        ModelManifest manifest = ManifestReader.parse("model-probe", yaml);
        ModelPackage modelPackage = new ModelPackage(
                manifest, new ByteArrayResource(yaml), Map.of(ModelPackage.TORCH_SCRIPT, torchScript), List.of());
        try (InferenceWorkers<String, ModelInput, Prediction> worker = new InferenceWorkers<>(
                manifest.name(),
                new InferenceQueue.Limits(1, 1, 1, LONGEST),
                (number, key, inputs) -> List.of(),
                new SimpleMeterRegistry(),
                ObservationRegistry.NOOP)) {
            NetworkLoader loader =
                    new NetworkLoader(modelPackage, List.of(Device.cpu()), maxBatch, threads, worker, new ModelProbe());
            try (Network network = loader.reference()) {
                loader.warmUp(network);
            }
        }
    }
}
