// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.model.ModelPackage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** First runs in a process that several files share. */
class ModelProbeTest {

    @TempDir
    Path models;

    private final Set<ProcessHandle> others = children();

    private static Set<ProcessHandle> children() {
        return ProcessHandle.current().children().collect(Collectors.toSet());
    }

    private Set<ProcessHandle> processes() {
        Set<ProcessHandle> processes = children();
        processes.removeAll(others);
        return processes;
    }

    private void run(ModelProbe modelProbe, String network) throws IOException {
        FixturePackage fixture = FixturePackage.in(models, network, "");
        byte[] manifest = Files.readAllBytes(fixture.directory().resolve(ModelPackage.MANIFEST));
        modelProbe.run(network, manifest, FixturePackage.network(network), 4, 1);
    }

    @Test
    void filesShareAProcessAndTheOneThatEndsItIsNamed() throws IOException {
        try (ModelProbe modelProbe = new ModelProbe()) {
            run(modelProbe, "good");
            Set<ProcessHandle> first = processes();
            assertThat(first).hasSize(1);
            run(modelProbe, "infinite");
            assertThat(processes()).isEqualTo(first);

            assertThatExceptionOfType(Network.UnusableException.class)
                    .isThrownBy(() -> run(modelProbe, "ending"))
                    .withMessageContaining("ending ended the process that tried it: SIGSEGV in C  [libtorch_cpu.so");

            run(modelProbe, "good");
            assertThat(processes()).hasSize(1).doesNotContainAnyElementsOf(first);
        }
        Await.until("the process has ended", () -> processes().isEmpty());
    }

    @Test
    void aFileIsNotBlamedForAProcessThatEndedBeforeIt() throws IOException {
        try (ModelProbe modelProbe = new ModelProbe()) {
            run(modelProbe, "good");
            Set<ProcessHandle> first = processes();
            first.forEach(ProcessHandle::destroyForcibly);

            run(modelProbe, "good");

            assertThat(processes()).hasSize(1).doesNotContainAnyElementsOf(first);
        }
    }

    @Test
    void whatAnEndedProcessHasPrintedIsRead() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("sh", "-c", "echo the reason; exit 3").start();
        ended.waitFor();

        try (ModelProbeProcess process = new ModelProbeProcess(ended)) {
            assertThat(process.run(1, new byte[100_000], new byte[100_000], Duration.ofMinutes(1)))
                    .isEqualTo(new ModelProbeProcess.Ended(3, "the reason\n"));
        }
    }

    @Test
    void aProcessThatReadsNoMoreIsEnded() throws IOException {
        Process deaf = new ProcessBuilder("sh", "-c", "echo the reason; exec 0<&-; exec sleep 600").start();

        try (ModelProbeProcess process = new ModelProbeProcess(deaf)) {
            assertThat(process.run(1, new byte[100_000], new byte[100_000], Duration.ofMinutes(1)))
                    .isEqualTo(new ModelProbeProcess.Ended(143, "the reason\n"));
        }
    }
}
