// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The ends of jobs in a table, and which of them are announced. An end is found in the table itself, so that none is lost
 * between the state of the job and what announces it.
 */
public final class JobEnds {

    private final JdbcClient database;
    private final Clock clock;
    private final String table;

    /** @param table with the columns {@code id}, {@code finished} and {@code announced} */
    public JobEnds(JdbcClient database, Clock clock, String table) {
        this.database = database;
        this.clock = clock;
        this.table = table;
    }

    /**
     * Returns ends that are not announced, the earliest first.
     *
     * @param since ends before are ignored
     */
    public List<JobEnd> unannounced(Instant since, int limit) {
        return database.sql("select id, finished from " + table
                        + " where announced is null and finished >= :since order by finished, id limit :limit")
                .param("since", since.atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query((row, number) -> new JobEnd(
                        row.getObject("id", UUID.class),
                        row.getObject("finished", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** Marks an end as announced, unless the job was retried meanwhile. */
    public void markAnnounced(JobEnd end) {
        database.sql("update " + table
                        + " set announced = :now where id = :id and finished = :finished and announced is null")
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("id", end.job())
                .param("finished", end.finished().atOffset(ZoneOffset.UTC))
                .update();
    }
}
