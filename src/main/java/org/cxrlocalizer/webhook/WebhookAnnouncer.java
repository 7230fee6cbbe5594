// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.cxrlocalizer.jobs.JobEnd;
import org.cxrlocalizer.jobs.JobEnds;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.StorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Enqueues a delivery for each job that ended. The number of a delivery follows from the end, and the jobs library takes a number
 * once: several nodes may do this, and a stop between the library and our table does no harm.
 */
@Component
@NotOnCommandLine
class WebhookAnnouncer {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookAnnouncer.class);
    private static final int AT_A_TIME = 100;

    private final WebhookProperties properties;
    private final EndedJobs jobs;
    private final JobRequestScheduler scheduler;
    private final JdbcClient database;
    private final Clock clock;
    private @Nullable Instant since;

    WebhookAnnouncer(
            WebhookProperties properties,
            EndedJobs jobs,
            JobRequestScheduler scheduler,
            JdbcClient database,
            Clock clock) {
        this.properties = properties;
        this.jobs = jobs;
        this.scheduler = scheduler;
        this.database = database;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void announce() {
        if (properties.url() == null) {
            return;
        }
        try {
            for (JobKind kind : JobKind.values()) {
                announce(kind, jobs.of(kind));
            }
        } catch (DataAccessException | TransactionException | StorageException e) {
            LOG.debug("The ends of jobs cannot be read; the next look may succeed", e);
        }
    }

    private void announce(JobKind kind, JobEnds ends) {
        for (JobEnd end : ends.unannounced(since(), AT_A_TIME)) {
            UUID delivery = UUID.nameUUIDFromBytes("webhook %s %s %s"
                    .formatted(kind, end.job(), end.finished())
                    .getBytes(StandardCharsets.UTF_8));
            scheduler.enqueue(delivery, new PostJobEnd(delivery, kind, end.job(), end.finished()));
            ends.markAnnounced(end);
        }
    }

    /** Returns when a webhook was first configured on any node. */
    private Instant since() {
        Instant known = since;
        if (known == null) {
            List<OffsetDateTime> found = read();
            if (found.isEmpty()) {
                start();
                found = read();
            }
            known = found.get(0).toInstant();
            since = known;
        }
        return known;
    }

    private List<OffsetDateTime> read() {
        return database.sql("select since from webhook_start")
                .query(OffsetDateTime.class)
                .list();
    }

    private void start() {
        try {
            database.sql("insert into webhook_start (id, since) values (1, :now)")
                    .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
        } catch (DuplicateKeyException e) {
            // Another node was first.
        }
    }
}
