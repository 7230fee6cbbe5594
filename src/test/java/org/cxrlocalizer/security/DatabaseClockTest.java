// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.cxrlocalizer.Await;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

/** H2 has no {@code clock_timestamp()}; it is given one here, as PostgreSQL has it. */
public class DatabaseClockTest {

    private static final Duration AHEAD = Duration.ofHours(1);
    private static final Clock LONG_AGO = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    private final JdbcDataSource database = new JdbcDataSource();
    private final DatabaseClock clock = new DatabaseClock(database, LONG_AGO);

    /** Called by H2. */
    public static OffsetDateTime anHourAhead() {
        return OffsetDateTime.now(ZoneOffset.UTC).plus(AHEAD);
    }

    private Duration since1970() {
        return Duration.ofNanos(clock.currentTimeNanos());
    }

    @Test
    void theClockIsTheDatabasesAndNotThisNodes() throws SQLException {
        String url = "jdbc:h2:mem:" + UUID.randomUUID();
        database.setURL(url);
        try (Connection open = DriverManager.getConnection(url)) {
            open.createStatement()
                    .execute("create alias clock_timestamp for '%s.anHourAhead'"
                            .formatted(getClass().getName()));
            assertThat(since1970()).isLessThan(AHEAD);

            Duration earliest = Duration.ofMillis(System.currentTimeMillis()).plus(AHEAD);
            clock.set();
            Duration told = since1970();
            // The database has told it microseconds, and this has none.
            Duration latest = Duration.ofMillis(System.currentTimeMillis() + 1).plus(AHEAD);
            assertThat(told).isBetween(earliest, latest);
        }
    }

    @Test
    void itGoesOnWhileTheDatabaseIsAway() {
        database.setURL("jdbc:h2:mem:%s;IFEXISTS=TRUE".formatted(UUID.randomUUID()));
        assertThatExceptionOfType(DataAccessException.class).isThrownBy(clock::set);

        long before = clock.currentTimeNanos();
        long start = System.nanoTime();
        Await.until("time passes", () -> System.nanoTime() > start);
        long passed = System.nanoTime() - start;
        assertThat(clock.currentTimeNanos() - before).isGreaterThanOrEqualTo(passed);
    }
}
