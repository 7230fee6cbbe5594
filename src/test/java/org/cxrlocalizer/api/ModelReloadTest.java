package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.cxrlocalizer.Application;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.evaluation.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** A model's package is replaced while the service answers. */
class ModelReloadTest {

    private static final Path BUNDLED = Path.of("models/cxr14-base");
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
                manifest.replaceFirst("(?m)^name: .*", "name: reloaded")
                        .replaceFirst("(?m)^version: .*", "version: " + version)
                        .replaceFirst("(?m)^sha256: .*", "sha256: " + Sha256.of(torchScript)));
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

    private static void await(BooleanSupplier wanted) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofMinutes(2));
        while (!wanted.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(50);
        }
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
            List<Future<List<String>>> seen = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                seen.add(callers.submit(() -> {
                    List<String> versions = new ArrayList<>();
                    while (!ended.get()) {
                        Http.Answer answer = localize();
                        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                        versions.add(answer.json().at("/model/version").asString());
                    }
                    return versions;
                }));
            }
            for (String version : List.of("2.0-second", "3.0-third")) {
                put(version, Files.readAllBytes(BUNDLED.resolve("model.pt")));
                Http.Answer reloaded = http().post("/actuator/model", "application/json", new byte[0]);
                assertThat(reloaded.status()).as(reloaded.text()).isEqualTo(200);
                assertThat(reloaded.json().get("version").asString()).isEqualTo(version);
                assertThat(served()).isEqualTo(version);
                Thread.sleep(300);
            }
            ended.set(true);
            for (Future<List<String>> caller : seen) {
                assertThat(caller.get().stream().distinct()).containsExactly("1.0-first", "2.0-second", "3.0-third");
            }
        } finally {
            ended.set(true);
            callers.shutdown();
        }
        await(() -> inferenceThreads() == WORKERS);
        assertThat(depths(services.get(0).getBean(MeterRegistry.class))).isOne();
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
    }

    /** Not even a file that kills whatever process runs it. */
    @Test
    void theServiceOutlivesAModelThatEndsItsProcess() throws IOException {
        start();
        put("2.0-second", Files.readAllBytes(Path.of("src/test/resources/fixtures/ending.pt")));

        Http.Answer refused = http().post("/actuator/model", "application/json", new byte[0]);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("refused").asString())
                .contains("model.pt ended the process that tried it: SIGSEGV in C  [libtorch_cpu.so");
        assertThat(served()).isEqualTo("1.0-first");
    }

    @Test
    void aWatchedPackageIsTakenOnceItIsReplaced() throws Exception {
        start("--model.watch=100ms");
        put("2.0-second", new byte[100]);
        Thread.sleep(1000);
        assertThat(served()).isEqualTo("1.0-first");

        put("3.0-third", Files.readAllBytes(BUNDLED.resolve("model.pt")));

        await(() -> served().equals("3.0-third"));
    }
}
