// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.jobrunr.storage.Paging.AmountBasedList.ascOnUpdatedAt;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.cxrlocalizer.evaluation.EvaluationOptions;
import org.cxrlocalizer.evaluation.EvaluationPlan;
import org.cxrlocalizer.evaluation.PredictionKey;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.evaluation.scoring.EvaluationManifest;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.localization.BoxPolicy;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.InMemoryStorageProvider;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What nodes do with the chunks of an evaluation that they share. */
class ChunkSchedulerTest {

    private static final UUID ID = UUID.randomUUID();
    private static final EvaluationOptions OPTIONS =
            new EvaluationOptions(List.of(), List.of(), false, null, new Bootstrap(1, 1));

    @TempDir
    Path folder;

    private final InMemoryStorageProvider jobs = new InMemoryStorageProvider();
    private EvaluationStore store;
    private ChunkStore chunks;
    private ChunkScheduler scheduler;

    @BeforeEach
    void begin() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()));
        Flyway.configure().dataSource(database).load().migrate();
        JdbcClient client = JdbcClient.create(database);
        store = new EvaluationStore(client, Clock.systemUTC());
        chunks = new ChunkStore(client, new TransactionTemplate(new DataSourceTransactionManager(database)));
        jobs.setJobMapper(new JobMapper(new Jackson3JsonMapper()));
        scheduler = new ChunkScheduler(chunks, new JobRequestScheduler(jobs), jobs);
        store.add(ID, new EvaluationRequest("all", null, OPTIONS));
    }

    private void cut(int number, String key) {
        chunks.add(
                ID,
                chunks.plan(ID).orElseThrow().attempt(),
                key,
                IntStream.range(0, number)
                        .mapToObj(chunk -> Map.of(
                                "%d-a.png".formatted(chunk), List.of("a"), "%d-b.png".formatted(chunk), List.of("b")))
                        .toList());
    }

    private LocalizeChunk chunk(int number) {
        return new LocalizeChunk(ID, chunks.plan(ID).orElseThrow().attempt(), number);
    }

    private long enqueued() {
        return jobs.countJobs(StateName.ENQUEUED);
    }

    private PredictionKey key(String model, String variant) {
        EvaluationManifest.Model identity = new EvaluationManifest.Model(
                "any", "1", model, new EvaluationManifest.Model.Variant("of-" + variant, variant));
        EvaluationPlan plan = new EvaluationPlan(
                folder,
                List.of(),
                folder,
                identity,
                Map.of(),
                List.of(BoxSystem.of("cam", new BoxPolicy.Otsu(BoxPolicy.Selection.DEFAULT))),
                Set.of(),
                Set.of(),
                OPTIONS,
                1);
        return PredictionKey.of(plan);
    }

    @Test
    void onlySoManyChunksAreEnqueuedAsKeepTheNodesBusy() {
        scheduler.goOn(ID);
        assertThat(enqueued()).as("the plan").isOne();
        cut(20, "{}");

        scheduler.goOn(ID);
        scheduler.goOn(ID);

        assertThat(enqueued()).isEqualTo(1 + 8);
        chunks.done(chunk(0), List.of("a", "b"));
        scheduler.goOn(ID);
        assertThat(enqueued()).isEqualTo(1 + 9);
    }

    @Test
    void aNodeThatStoppedBetweenTheLibraryAndTheTablesEnqueuesNothingTwice() {
        cut(1, "{}");
        scheduler.goOn(ID);
        assertThat(enqueued()).isOne();

        chunks.retry(ID, 0);
        cut(1, "{}");
        scheduler.goOn(ID);
        assertThat(enqueued()).as("a chunk of the second attempt").isEqualTo(2);
        chunks.done(chunk(0), List.of("a", "b"));
        scheduler.goOn(ID);
        scheduler.goOn(ID);

        assertThat(enqueued()).as("the scoring").isEqualTo(3);
    }

    @Test
    void anEvaluationIsGivenUpWhenTheLibraryTriesAPieceOfItNoMore() {
        assertThat(scheduler.isGivenUp(ID)).as("before it is planned").isFalse();
        scheduler.goOn(ID);
        assertThat(scheduler.isGivenUp(ID)).as("while its plan waits").isFalse();
        failAll();
        assertThat(scheduler.isGivenUp(ID)).as("without a plan").isTrue();

        cut(20, "{}");
        scheduler.goOn(ID);
        assertThat(scheduler.isGivenUp(ID)).as("while chunks wait").isFalse();
        failAll();
        assertThat(scheduler.isGivenUp(ID)).as("without its chunks").isTrue();

        for (int number = 0; number < 20; number++) {
            chunks.done(chunk(number), List.of("a", "b"));
        }
        scheduler.goOn(ID);
        assertThat(scheduler.isGivenUp(ID)).as("while its scoring waits").isFalse();
        failAll();
        assertThat(scheduler.isGivenUp(ID)).as("without its scoring").isTrue();
    }

    /** As the library leaves what has failed, or lost its node, as often as it may. */
    private void failAll() {
        jobs.getJobList(StateName.ENQUEUED, ascOnUpdatedAt(100))
                .forEach(job -> jobs.save(job.failed("its node ended, again", new IllegalStateException())));
    }

    @Test
    void whatWaitsIsWhatOpenEvaluationsHaveNotGotTo() {
        cut(3, "{}");
        assertThat(store.imagesWaiting()).isEqualTo(6);

        chunks.done(chunk(0), List.of("a", "b"));
        chunks.progress(chunk(1), 1);
        assertThat(store.imagesWaiting()).isEqualTo(3);

        store.end(ID, JobState.CANCELLED, null);
        assertThat(store.imagesWaiting()).isZero();
    }

    @Test
    void theFirstPredictionsOfAChunkStay() {
        cut(2, "{}");
        cut(5, "{}");
        assertThat(chunks.progress(chunk(0), 1)).isTrue();
        assertThat(store.find(ID).orElseThrow().imagesDone()).isOne();

        chunks.done(chunk(0), List.of("first", "line"));
        chunks.done(chunk(0), List.of("too", "late"));
        chunks.done(chunk(1), List.of("second", "chunk"));

        assertThat(chunks.images(chunk(0))).isEmpty();
        assertThat(chunks.progress(chunk(0), 1)).isFalse();
        assertThat(chunks.lines(ID)).containsExactly("first", "line", "second", "chunk");
        assertThat(store.find(ID).orElseThrow())
                .extracting(EvaluationJob::imagesDone, EvaluationJob::imagesTotal)
                .containsExactly(4, 4);
        assertThat(chunks.areDone(ID)).isTrue();
    }

    @Test
    void nothingIsTakenForAnEvaluationThatHasEndedOrIsRetried() {
        cut(2, "{}");
        LocalizeChunk before = chunk(0);
        chunks.retry(ID, 0);
        chunks.retry(ID, 0);
        cut(2, "{}");
        assertThat(chunks.plan(ID).orElseThrow().attempt()).isOne();

        assertThat(chunks.images(before)).isEmpty();
        chunks.done(before, List.of("of", "before"));
        assertThat(store.find(ID).orElseThrow().imagesDone()).isZero();

        store.end(ID, JobState.CANCELLED, null);
        assertThat(chunks.images(chunk(0))).isEmpty();
        chunks.done(chunk(0), List.of("after", "wards"));
        assertThat(store.find(ID).orElseThrow().imagesDone()).isZero();
    }

    @Test
    void predictionsOfTwoVariantsAreNotMixedNorRetriedForEver() {
        PredictionKey first = key("model", "first");
        PredictionKey second = key("model", "second");
        EvaluationJob job = store.find(ID).orElseThrow();
        for (int attempt = 0; attempt < 3; attempt++) {
            cut(2, first.json());
            assertThat(scheduler.isOfThisNode(job, first)).isTrue();
            assertThat(scheduler.isOfThisNode(job, second)).isFalse();
            assertThat(chunks.plan(ID).orElseThrow()).isEqualTo(new ChunkStore.Plan(attempt + 1, null));
        }
        cut(2, first.json());

        assertThatExceptionOfType(EvaluationRefusedException.class)
                .isThrownBy(() -> scheduler.isOfThisNode(job, second))
                .withMessageContaining("different variants");
    }

    @Test
    void chunksThatAnEarlierVersionEnqueuedAreRead() {
        Jackson3JsonMapper json = new Jackson3JsonMapper();
        String kept = "{\"evaluation\":\"%s\",\"begun\":2,\"number\":5}".formatted(ID);

        assertThat(json.deserialize(kept, LocalizeChunk.class)).isEqualTo(new LocalizeChunk(ID, 2, 5));
        assertThat(json.serialize(new LocalizeChunk(ID, 2, 5))).isEqualTo(kept);
    }

    @Test
    void anotherModelEndsAnEvaluation() {
        cut(2, key("model", "first").json());

        assertThatExceptionOfType(EvaluationRefusedException.class)
                .isThrownBy(() -> scheduler.isOfThisNode(store.find(ID).orElseThrow(), key("another", "first")))
                .withMessageContaining("is not the one that it began with");
    }
}
