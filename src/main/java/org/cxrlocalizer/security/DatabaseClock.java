// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The time of a PostgreSQL. A bucket that nodes share is not refilled until the latest time that any of them has written: one
 * whose own clock is wrong must not write that. Until it is first set, it is this node's own clock.
 */
final class DatabaseClock implements TimeMeter {

    private final JdbcClient database;

    /** Nanoseconds since 1970 by the database, less {@link System#nanoTime()}. */
    private volatile long offset;

    DatabaseClock(DataSource database, Clock own) {
        this.database = JdbcClient.create(database);
        offset = TimeUnit.MILLISECONDS.toNanos(own.millis()) - System.nanoTime();
    }

    /** @throws DataAccessException if the database does not answer; the clock goes on as it went */
    void set() {
        long microseconds = database.sql("select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)")
                .query(Long.class)
                .single();
        offset = TimeUnit.MICROSECONDS.toNanos(microseconds) - System.nanoTime();
    }

    @Override
    public long currentTimeNanos() {
        return System.nanoTime() + offset;
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }
}
