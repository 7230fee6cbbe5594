// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.cxrlocalizer.Await;
import org.h2.jdbcx.JdbcDataSource;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.InMemoryStorageProvider;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A jobs server that has ended itself. `.ci/nodes` has a real database go away, and `.ci/faults` fills a real disk. */
class JobsAfterOutageTest {

    private static final JobActivator NO_JOBS = new JobActivator() {
        @Override
        public <T> T activateJob(Class<T> type) {
            throw new IllegalStateException("there are no jobs");
        }
    };

    private BackgroundJobServer server;

    @BeforeEach
    void haveAServerThatHasEnded() {
        InMemoryStorageProvider jobs = new InMemoryStorageProvider();
        Jackson3JsonMapper json = new Jackson3JsonMapper();
        jobs.setJobMapper(new JobMapper(json));
        server = new BackgroundJobServer(
                jobs, json, NO_JOBS, BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration());
        Set<Thread> others = Thread.getAllStackTraces().keySet();
        server.start();
        Await.until(
                "the server is announced", () -> !jobs.getBackgroundJobServers().isEmpty());
        Set<Thread> own = new HashSet<>(Thread.getAllStackTraces().keySet());
        own.removeAll(others);
        server.stop();
        // One that works still may stop it once more after the next start.
        Await.until("its keepers have ended", () -> own.stream()
                .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("backgroundjob-zookeeper")));
        assertThat(server.isRunning()).isFalse();
    }

    @AfterEach
    void end() {
        server.stop();
    }

    private void look(String settings) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:%s%s".formatted(UUID.randomUUID(), settings));
        new JobsAfterOutage(server, JdbcClient.create(database)).look();
    }

    @Test
    void itIsStartedAgainOnceTheDatabaseAnswers() {
        look("");
        assertThat(server.isRunning()).isTrue();
        look("");
        assertThat(server.isRunning()).isTrue();
    }

    @Test
    void itStaysEndedWhileTheDatabaseIsAway() {
        look(";IFEXISTS=TRUE");
        assertThat(server.isRunning()).isFalse();
    }
}
