// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.jobs.JobCursor;
import org.cxrlocalizer.jobs.JobState;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

/** Evaluations in the database and on the disk, ten days one after the other, of 1000 bytes each. */
class EvaluationRetentionTest {

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final int DAYS = 10;

    @TempDir
    Path folder;

    private final List<UUID> ids = new ArrayList<>();
    private JdbcClient database;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger().setLevel(Level.INFO);
        logger().addAppender(log);
    }

    @AfterEach
    void listenNoLonger() {
        logger().detachAppender(log);
        logger().setLevel(null);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(EvaluationRetention.class);
    }

    private String logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining("\n"));
    }

    @BeforeEach
    void evaluations() throws IOException {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()));
        Flyway.configure().dataSource(h2).load().migrate();
        database = JdbcClient.create(h2);
        for (int day = 0; day < DAYS; day++) {
            UUID id = UUID.randomUUID();
            store(day).add(id, EvaluationRequest.ofUpload(new Bootstrap(1, 1)));
            if (day < DAYS - 1) {
                store(day).end(id, JobState.SUCCEEDED, null);
            }
            ids.add(id);
            Files.write(Files.createDirectory(folder.resolve(id.toString())).resolve("report.json"), new byte[1000]);
        }
    }

    private static Clock clock(int day) {
        return Clock.fixed(FIRST.plus(Duration.ofDays(day)), ZoneOffset.UTC);
    }

    private EvaluationStore store(int day) {
        return new EvaluationStore(database, clock(day));
    }

    private void retire(@Nullable Duration age, @Nullable DataSize size) throws IOException {
        EvaluationProperties properties =
                new EvaluationProperties(folder, Map.of(), List.of(), 1, 1, DataSize.ofBytes(1), null, age, size);
        new EvaluationRetention(store(DAYS), properties, clock(DAYS)).retire();
    }

    private void assertKept(List<UUID> kept) {
        assertThat(store(0).list(100, null)).extracting(EvaluationJob::id).containsExactlyInAnyOrderElementsOf(kept);
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrderElementsOf(
                        kept.stream().map(UUID::toString).toList());
    }

    @Test
    void byDefaultNothingIsDeleted() throws IOException {
        retire(null, null);

        assertKept(ids);
    }

    @Test
    void oldEvaluationsAreDeletedAndLogged() throws IOException {
        retire(Duration.ofDays(5), null);

        assertKept(ids.subList(5, DAYS));
        assertThat(logged())
                .contains("Deleted the evaluation " + ids.get(0), "by evaluation.keep-for=PT120H")
                .doesNotContain(ids.get(5).toString());
    }

    @Test
    void theOldestAreDeletedWhereAllTakeMoreOfTheDisk() throws IOException {
        retire(null, DataSize.ofBytes(3500));

        assertKept(ids.subList(6, DAYS)); // three that ended, and the open one
        assertThat(logged()).contains("by evaluation.keep-size=3500B");
    }

    @Test
    void thePagesOfTheListHaveEachEvaluationOnceWhateverIsDeletedMeanwhile() {
        store(3).add(UUID.randomUUID(), EvaluationRequest.ofUpload(new Bootstrap(1, 1))); // at the same time as another
        List<UUID> paged = new ArrayList<>();
        JobCursor after = null;
        for (List<EvaluationJob> page = store(0).list(3, after); !page.isEmpty(); page = store(0).list(3, after)) {
            page.forEach(job -> paged.add(job.id()));
            after = JobCursor.parse(new JobCursor(
                            page.get(page.size() - 1).created(),
                            page.get(page.size() - 1).id())
                    .text());
            store(0).delete(after.id());
        }

        assertThat(paged).hasSize(DAYS + 1).doesNotHaveDuplicates().containsAll(ids);
        assertThatIllegalArgumentException().isThrownBy(() -> JobCursor.parse("7"));
        assertThatIllegalArgumentException().isThrownBy(() -> JobCursor.parse("7_7"));
    }

    @Test
    void anUploadThatCannotBeWrittenIsTheServicesFault() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no directory");
        List<Path> unwritable = new ArrayList<>(List.of(file.resolve("x/predictions.csv")));
        if (Files.exists(Path.of("/dev/full"))) {
            unwritable.add(Path.of("/dev/full"));
        }
        for (Path path : unwritable) {
            assertThatExceptionOfType(UploadNotWrittenException.class)
                    .isThrownBy(() -> UploadFile.write(new ByteArrayInputStream(new byte[100]), path, 1000));
        }
        assertThatExceptionOfType(UploadTooLargeException.class)
                .isThrownBy(() -> UploadFile.write(
                        new ByteArrayInputStream(new byte[100]), folder.resolve("a/predictions.csv"), 99));
    }
}
