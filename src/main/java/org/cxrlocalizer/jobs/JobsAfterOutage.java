// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.util.concurrent.TimeUnit;
import org.jobrunr.server.BackgroundJobServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Restarts the job server after a database outage. The jobs library ends its server when its heartbeat cannot be written, and
 * does not restart it. With 8.7.0 this was seen at the first heartbeat that got no connection.
 */
@Component
@NotOnCommandLine
@ConditionalOnProperty("jobrunr.background-job-server.enabled")
class JobsAfterOutage {

    private static final Logger LOG = LoggerFactory.getLogger(JobsAfterOutage.class);

    private final BackgroundJobServer server;
    private final JdbcClient database;

    JobsAfterOutage(BackgroundJobServer server, JdbcClient database) {
        this.server = server;
        this.database = database;
    }

    @Scheduled(initialDelay = 30, fixedDelay = 5, timeUnit = TimeUnit.SECONDS)
    void look() {
        if (!server.isRunning() && answers()) {
            server.start();
            LOG.warn("The job database is available again; this node resumes jobs");
        }
    }

    private boolean answers() {
        try {
            return database.sql("select 1").query(Integer.class).single() == 1;
        } catch (DataAccessException e) {
            return false;
        }
    }
}
