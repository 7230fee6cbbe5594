package org.cxrlocalizer.model;

import ai.djl.Device;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.ByteArrayResource;

/**
 * A first run of a TorchScript file on the CPU, in a process that may come to harm by it. Native code can end its process:
 * oneDNN 3.7.1, for one, divides by zero for some convolutions on some processors. A process that serves must not find that
 * out by itself.
 */
final class Rehearsal {

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final String SPRING_BOOT_LAUNCHER = "org.springframework.boot.loader.launch.PropertiesLauncher";

    /** Of HotSpot's report of a fatal error: the signal, and the native frame that raised it. */
    private static final Pattern FATAL =
            Pattern.compile("^# +(SIG\\w+) .*?^# Problematic frame:\\R# +(.*?)$", Pattern.MULTILINE | Pattern.DOTALL);

    /** They may open ports, as for a debugger; the properties among them are passed on as arguments. */
    private static final Set<String> OPTIONS_OF_THIS_PROCESS =
            Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private Rehearsal() {}

    /**
     * Runs every method at every size. What the file merely raises is no concern of this; the caller's own run will tell.
     *
     * @param file what messages call it
     * @param threads of a forward pass
     * @throws Network.UnusableException if the process does not come to its end
     */
    static void of(String file, byte[] manifest, byte[] torchScript, int maxBatch, int threads) {
        try {
            Path printed = Files.createTempFile("rehearsal", ".log");
            try {
                int exit = run(command(maxBatch, threads), manifest, torchScript, printed);
                if (exit != 0) {
                    throw new Network.UnusableException("%s ended the process that tried it: %s"
                            .formatted(file, reason(exit, Files.readString(printed, StandardCharsets.ISO_8859_1))));
                }
            } finally {
                Files.deleteIfExists(printed);
            }
        } catch (IOException e) {
            throw new Network.UnusableException(
                    "%s cannot be tried in a process of its own: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static int run(List<String> command, byte[] manifest, byte[] torchScript, Path printed) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
        builder.environment().keySet().removeAll(OPTIONS_OF_THIS_PROCESS);
        Process process = builder.start();
        try (DataOutputStream out = new DataOutputStream(process.getOutputStream())) {
            out.writeInt(manifest.length);
            out.write(manifest);
            out.write(torchScript);
        } catch (IOException e) {
            process.destroy(); // it reads no more, and its exit status says why
        }
        try {
            if (process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            throw new IOException("it was not done after " + LONGEST);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a file was tried");
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> command(int maxBatch, int threads) {
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
            command.addAll(List.of("-Dloader.main=" + Rehearsal.class.getName(), SPRING_BOOT_LAUNCHER));
        } else {
            command.add(Rehearsal.class.getName());
        }
        command.addAll(List.of(String.valueOf(maxBatch), String.valueOf(threads)));
        return command;
    }

    private static boolean inSpringBootsArchive() {
        return Rehearsal.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()
                .startsWith("jar:nested:");
    }

    private static String reason(int exit, String printed) {
        Matcher fatal = FATAL.matcher(printed);
        return fatal.find() ? "%s in %s".formatted(fatal.group(1), fatal.group(2)) : "exit status " + exit;
    }

    /**
     * The other process. Takes the largest batch and the number of threads as arguments, and the length of a manifest, a
     * manifest and a TorchScript file from its standard input.
     */
    public static void main(String[] args) throws IOException {
        Locale.setDefault(Locale.ROOT);
        int maxBatch = Integer.parseInt(args[0]);
        int threads = Integer.parseInt(args[1]);
        DataInputStream in = new DataInputStream(System.in);
        byte[] yaml = in.readNBytes(in.readInt());
        ModelManifest manifest = ModelPackage.parse("rehearsal", yaml);
        ModelPackage modelPackage = new ModelPackage(
                manifest, new ByteArrayResource(yaml), Map.of(ModelPackage.TORCH_SCRIPT, in.readAllBytes()), List.of());
        PyTorchSettings.apply(threads);
        try (InferenceWorkers<String, ModelInput, Prediction> worker = new InferenceWorkers<>(
                manifest.name(),
                new InferenceQueue.Limits(1, 1, 1, LONGEST),
                (number, key, inputs) -> List.of(),
                new SimpleMeterRegistry(),
                ObservationRegistry.NOOP)) {
            NetworkLoader loader = new NetworkLoader(modelPackage, List.of(Device.cpu()), maxBatch, threads, worker);
            try (Network network = loader.reference()) {
                loader.warmUp(network);
            }
        } catch (RuntimeException e) {
            System.out.println(e.getMessage());
        }
        System.exit(0);
    }
}
