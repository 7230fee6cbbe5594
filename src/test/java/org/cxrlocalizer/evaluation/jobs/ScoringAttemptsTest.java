// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ScoringGuard;
import org.cxrlocalizer.jobs.JobState;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcDataSource;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.InMemoryStorageProvider;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is known of a scoring after its process is gone, or its memory was exhausted. */
class ScoringAttemptsTest {

    private static final UUID ID = UUID.randomUUID();
    private static final JobActivator NO_JOBS = new JobActivator() {
        @Override
        public <T> T activateJob(Class<T> type) {
            throw new IllegalStateException("there are no jobs");
        }
    };

    private final InMemoryStorageProvider jobs = new InMemoryStorageProvider();
    private final BackgroundJobServer first = server();
    private final BackgroundJobServer second = server();
    private JdbcClient database;
    private EvaluationStore store;

    private BackgroundJobServer server() {
        Jackson3JsonMapper json = new Jackson3JsonMapper();
        jobs.setJobMapper(new JobMapper(json));
        return new BackgroundJobServer(
                jobs, json, NO_JOBS, BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration());
    }

    @BeforeEach
    void begin() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()));
        Flyway.configure().dataSource(h2).load().migrate();
        database = JdbcClient.create(h2);
        store = new EvaluationStore(database, Clock.systemUTC());
        store.add(ID, EvaluationRequest.ofUpload(new Bootstrap(1, 1)));
    }

    @AfterEach
    void end() {
        first.stop();
        second.stop();
    }

    private ScoringAttempts of(BackgroundJobServer server) {
        return new ScoringAttempts(
                database,
                store,
                jobs,
                new StaticListableBeanFactory(Map.of("server", server)).getBeanProvider(BackgroundJobServer.class),
                Clock.systemUTC());
    }

    @Test
    void aScoringThatEndedItsProcessIsNotTriedAgain() {
        of(first).guard(ID).begins();
        // No server of this number is in the library's table: its process is gone.

        assertThat(of(second).endedAProcess(ID)).isTrue();
        assertThatExceptionOfType(EvaluationRefusedException.class)
                .isThrownBy(() -> of(second).requireNoneEndedAProcess(ID))
                .withMessageContaining("memory")
                .withMessageContaining("not tried again");
    }

    @Test
    void aScoringThatFailedWithoutEndingItsProcessIsTriedAgain() {
        ScoringGuard guard = of(first).guard(ID);
        guard.begins();
        guard.ended();

        assertThat(of(second).endedAProcess(ID)).isFalse();
        assertThat(of(first).endedAProcess(ID)).isFalse();
    }

    @Test
    void aScoringOfThisNodeOrOfOneThatIsAliveHasEndedNoProcess() {
        of(first).guard(ID).begins();
        assertThat(of(first).endedAProcess(ID)).as("its own").isFalse();

        first.start();
        while (jobs.getBackgroundJobServers().isEmpty()) {
            Thread.onSpinWait(); // until it has written that it is alive
        }
        assertThat(of(second).endedAProcess(ID)).as("of a node that is alive").isFalse();
        of(second).requireNoneEndedAProcess(ID);
    }

    @Test
    void aNodeThatStopsWhileItScoresIsNoProcessThatEnded() {
        ScoringAttempts stopped = of(first);
        stopped.guard(ID).begins();
        stopped.destroy();

        assertThat(of(second).endedAProcess(ID)).isFalse();
    }

    @Test
    void aMarkThatCouldNotBeRemovedIsRemovedAtTheStop() {
        ScoringAttempts attempts = of(first);
        ScoringGuard guard = attempts.guard(ID);
        guard.begins();
        database.sql("alter table evaluation rename to away").update();
        assertThatExceptionOfType(DataAccessException.class).isThrownBy(guard::ended);
        database.sql("alter table away rename to evaluation").update();

        attempts.destroy();

        assertThat(of(second).endedAProcess(ID)).isFalse();
    }

    @Test
    void atAStopTheNumberOfTheNodeIsNotNeeded() {
        AtomicBoolean stopping = new AtomicBoolean();
        StaticListableBeanFactory beans = new StaticListableBeanFactory(Map.of("server", first)) {
            @Override
            public <T> ObjectProvider<T> getBeanProvider(Class<T> type) {
                ObjectProvider<T> provider = super.getBeanProvider(type);
                return new ObjectProvider<>() {
                    @Override
                    public T getObject() {
                        throw new IllegalStateException("beans are destroyed");
                    }

                    @Override
                    public @Nullable T getIfAvailable() {
                        return stopping.get() ? getObject() : provider.getIfAvailable();
                    }
                };
            }
        };
        ScoringAttempts attempts = new ScoringAttempts(
                database, store, jobs, beans.getBeanProvider(BackgroundJobServer.class), Clock.systemUTC());
        ScoringGuard guard = attempts.guard(ID);
        guard.begins();
        stopping.set(true);

        guard.ended();

        assertThat(of(second).endedAProcess(ID)).isFalse();
    }

    @Test
    void memoryThatIsExhaustedInAJobEndsItWithThatReason() throws IOException {
        store.attempt(ID, 3, job -> {
            throw new IOException("of a thread", new OutOfMemoryError("Java heap space"));
        });

        EvaluationJob job = store.find(ID).orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.failure()).contains("memory", "not tried again");
    }
}
