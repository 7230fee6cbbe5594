// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.Await;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** A model's package is replaced while the service answers. */
@ExtendWith(OutputCaptureExtension.class)
class ModelReloadTest {

    private static final Path BUNDLED = Path.of("models/cxr14-cells");
    private static final int CALLERS = 3;
    private static final int WORKERS = 2;

    @TempDir
    Path folder;

    private final List<ConfigurableApplicationContext> services = new ArrayList<>();

    private void start(String... more) throws IOException {
        put("1.0-first", Files.readAllBytes(BUNDLED.resolve("model.pt")));
        List<String> settings = new ArrayList<>(List.of(more));
        settings.addAll(List.of(
                "--server.port=0",
                "--evaluation.directory=" + folder.resolve("state"),
                "--spring.datasource.url=jdbc:h2:mem:reload",
                "--model.directory=" + folder.resolve("models"),
                "--model.name=reloaded",
                "--inference.workers=" + WORKERS,
                "--management.endpoints.web.exposure.include=health,model"));
        services.add(new SpringApplication(Application.class).run(settings.toArray(String[]::new)));
    }

    @AfterEach
    void stop() {
        services.forEach(ConfigurableApplicationContext::close);
    }

    private Http http() {
        return new Http(services.get(0).getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    /** Puts a whole package in the place of the one that is there, as {@code models add --replace} does. */
    private void put(String version, byte[] torchScript) throws IOException {
        Path models = Files.createDirectories(folder.resolve("models"));
        Path target = models.resolve("reloaded");
        Path fresh = models.resolve(".fresh");
        FileSystemUtils.copyRecursively(BUNDLED, fresh);
        String manifest = Files.readString(fresh.resolve("model.yaml"));
        Files.writeString(
                fresh.resolve("model.yaml"),
                manifest.replaceFirst("(?m)^manifestSha256: .*\n", "")
                        .replaceFirst("(?m)^name: .*", "name: reloaded")
                        .replaceFirst("(?m)^version: .*", "version: " + version)
                        .replaceFirst("(?m)^sha256: .*", "sha256: " + DigestUtils.sha256Hex(torchScript)));
        Files.write(fresh.resolve("model.pt"), torchScript);
        if (Files.exists(target)) {
            Files.move(target, models.resolve(".old"), StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        FileSystemUtils.deleteRecursively(models.resolve(".old"));
    }

    private Http.Answer localize() {
        return http().post("/v1/localizations", "image/png", Samples.read(Samples.NAMES.get(0)));
    }

    private String served() {
        return localize().json().at("/model/version").asString();
    }

    private static long inferenceThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("inference-reloaded-"))
                .count();
    }

    private static int depths(MeterRegistry meters) {
        return meters.find("cxr.queue.depth").gauges().size();
    }

    @Test
    void noRequestFailsWhileTheModelIsReplaced() throws Exception {
        start();
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<List<String>> seen = new ArrayList<>();
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                List<String> versions = new CopyOnWriteArrayList<>();
                seen.add(versions);
                calls.add(callers.submit(() -> {
                    while (!ended.get()) {
                        Http.Answer answer = localize();
                        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                        String version = answer.json().at("/model/version").asString();
                        if (versions.isEmpty() || !version.equals(versions.get(versions.size() - 1))) {
                            versions.add(version);
                        }
                    }
                }));
            }
            awaitSeen("1.0-first", seen, calls);
            for (String version : List.of("2.0-second", "3.0-third")) {
                put(version, Files.readAllBytes(BUNDLED.resolve("model.pt")));
                Http.Answer reloaded = http().post("/actuator/model", "application/json", new byte[0]);
                assertThat(reloaded.status()).as(reloaded.text()).isEqualTo(200);
                assertThat(reloaded.json().get("version").asString()).isEqualTo(version);
                assertThat(served()).isEqualTo(version);
                awaitSeen(version, seen, calls);
            }
            ended.set(true);
            for (Future<?> call : calls) {
                call.get();
            }
            assertThat(seen).allSatisfy(versions -> assertThat(versions)
                    .containsExactly("1.0-first", "2.0-second", "3.0-third"));
        } finally {
            ended.set(true);
            callers.shutdown();
        }
        Await.until("the old models are closed", () -> inferenceThreads() == WORKERS);
        assertThat(depths(services.get(0).getBean(MeterRegistry.class))).isOne();
    }

    private static void awaitSeen(String version, List<List<String>> seen, List<Future<?>> calls) {
        Await.until(
                "every caller is answered by " + version,
                () -> calls.stream().anyMatch(Future::isDone)
                        || seen.stream().allMatch(versions -> versions.contains(version)));
    }

    @Test
    void whatCannotBeUsedDoesNotReplaceTheModel() throws IOException {
        start();
        put("2.0-second", new byte[100]);

        Http.Answer refused = http().post("/actuator/model", "application/json", new byte[0]);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("refused").asString()).contains("model.pt");
        assertThat(served()).isEqualTo("1.0-first");
        assertThat(inferenceThreads()).isEqualTo(WORKERS);

        // Nor does a file that ends each process that runs it.
        put("3.0-third", Files.readAllBytes(Path.of("src/test/resources/fixtures/ending.pt")));

        refused = http().post("/actuator/model", "application/json", new byte[0]);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("refused").asString())
                .contains("model.pt ended the process that tried it: SIGSEGV in C  [libtorch_cpu.so");
        assertThat(served()).isEqualTo("1.0-first");
    }

    @Test
    void aWatchedPackageIsTakenOnceItIsReplaced(CapturedOutput output) throws Exception {
        start("--model.watch=100ms");
        put("2.0-second", new byte[100]);
        Await.until("the broken package was tried", () -> output.getOut().contains("keeps serving: model 'reloaded'"));
        assertThat(served()).isEqualTo("1.0-first");

        put("3.0-third", Files.readAllBytes(BUNDLED.resolve("model.pt")));

        Await.until("the new package is served", () -> served().equals("3.0-third"));
    }
}
