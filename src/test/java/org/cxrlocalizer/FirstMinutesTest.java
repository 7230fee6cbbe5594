// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A first start, as from a shell on a Turkish system, and the usual ways in which a start fails. */
@ExtendWith(OutputCaptureExtension.class)
class FirstMinutesTest {

    private static final Pattern READY = Pattern.compile(
            "Ready at (http://127\\.0\\.0\\.1:(\\d+)/chest/) \\(research software, not a medical device\\)\\s*$");

    @TempDir
    static Path folder;

    private static final List<Process> STARTED = new ArrayList<>();

    private static String log = "";

    @BeforeAll
    static void startInTurkish() throws IOException {
        Process service = start("ready.log", List.of("-Duser.language=tr", "-Duser.country=TR"));
        await().atMost(Duration.ofMinutes(4)).until(() -> {
            log = Files.readString(folder.resolve("ready.log"));
            return READY.matcher(log).find() || !service.isAlive();
        });
    }

    private static Process start(String output, List<String> options) throws IOException {
        List<String> all = new ArrayList<>(List.of("-Xmx700m"));
        all.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(ChildJvm.application(all, arguments()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(output).toFile());
        Process process = builder.start();
        STARTED.add(process);
        return process;
    }

    /** The last setting of a name counts; Spring would join them. */
    private static String[] arguments(String... settings) {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "server.port",
                "0",
                "server.servlet.context-path",
                "/chest",
                "evaluation.directory",
                folder.resolve("state").toString(),
                "spring.datasource.url",
                "jdbc:h2:" + folder.resolve("state/database")));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return all.entrySet().stream()
                .map(setting -> "--%s=%s".formatted(setting.getKey(), setting.getValue()))
                .toArray(String[]::new);
    }

    @AfterAll
    static void stop() {
        STARTED.forEach(Process::destroyForcibly);
    }

    private static void assertThatStartFails(CapturedOutput output, String what, String action, String... arguments) {
        assertThatThrownBy(() ->
                        new SpringApplication(Application.class).run(arguments).close())
                .isInstanceOf(Exception.class);

        assertThatItHas(output.toString(), what, action);
    }

    private static void assertThatItHas(String output, String what, String action) {
        assertThat(output)
                .containsPattern("Description:\\R\\R[^\\n]*" + what + "[^\\n]*\\R\\RAction:\\R\\R[^\\n]*" + action)
                .doesNotContain("\tat ");
    }

    @Test
    void aTurkishSystemStartsTheServiceWhoseLastLineHasItsAddress() {
        assertThat(log).containsPattern(READY).doesNotContain("\tat ");
    }

    @Test
    void aSecondStartOnTheSameStateDirectoryIsRefusedInTwoLines() throws Exception {
        Process second = start("second.log", List.of());

        assertThat(second.waitFor()).isNotZero();
        assertThatItHas(
                Files.readString(folder.resolve("second.log")),
                "Another process uses the state directory " + Pattern.quote(folder.toString()),
                "Stop that process, or set STATE_DIRECTORY");
    }

    @Test
    void aPortInUseIsRefusedInTwoLines(CapturedOutput output) {
        Matcher ready = READY.matcher(log);
        assertThat(ready.find()).isTrue();

        assertThatStartFails(
                output,
                "Port " + ready.group(2) + " was already in use",
                "listening on port",
                arguments("spring.datasource.url", "jdbc:h2:mem:port", "server.port", ready.group(2)));
    }

    @Test
    void aDatabaseThatIsAwayIsRefusedInTwoLines(CapturedOutput output) throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThatStartFails(
                output,
                "The database jdbc:postgresql://127.0.0.1:" + free + "/cxr cannot be reached",
                "set DATABASE_URL",
                arguments("spring.datasource.url", "jdbc:postgresql://127.0.0.1:" + free + "/cxr?password=secret"));
        assertThat(output).doesNotContain("secret");
    }

    @Test
    void aWrongPasswordIsRefusedInTwoLines(CapturedOutput output) {
        String url = "jdbc:h2:" + folder.resolve("locked");
        JdbcClient.create(DataSourceBuilder.create()
                        .url(url)
                        .username("sa")
                        .password("right")
                        .build())
                .sql("select 1")
                .query(Integer.class)
                .single();

        assertThatStartFails(
                output,
                "refuses the user 'sa'",
                "Set DATABASE_USER and DATABASE_PASSWORD",
                arguments("spring.datasource.password", "wrong", "spring.datasource.url", url));
    }

    @Test
    void tablesOfANewerVersionAreRefusedInTwoLines(CapturedOutput output) {
        String url = "jdbc:h2:mem:newer;DB_CLOSE_DELAY=-1";
        String[] arguments = arguments("spring.datasource.url", url);
        Flyway.configure().dataSource(url, "sa", "").load().migrate();
        JdbcClient.create(DataSourceBuilder.create()
                        .url(url)
                        .username("sa")
                        .password("")
                        .build())
                .sql("""
                        insert into "flyway_schema_history"
                        ("installed_rank", "version", "description", "type", "script", "installed_by", "execution_time", "success")
                        values (1000, '1000', 'later', 'SQL', 'V1000__later.sql', 'sa', 1, true)
                        """)
                .update();

        assertThatStartFails(output, "has tables of a newer version", "Start the version that made them", arguments);
    }

    @Test
    void aStateDirectoryThatCannotBeWrittenIsRefusedInTwoLines(CapturedOutput output) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a directory");

        assertThatStartFails(
                output,
                "The state directory " + Pattern.quote(file.resolve("state").toString()) + " cannot be written",
                "set STATE_DIRECTORY",
                arguments(
                        "spring.datasource.url",
                        "jdbc:h2:mem:none",
                        "evaluation.directory",
                        file.resolve("state").toString()));
    }
}
