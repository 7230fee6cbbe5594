// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import com.zaxxer.hikari.HikariDataSource;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketExceptions.BucketExecutionException;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.github.bucket4j.postgresql.PostgreSQLSelectForUpdateBasedProxyManager;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.util.ConcurrentReferenceHashMap;

/** The rate limits of principals, in a table that all nodes share. Its own few connections do not wait for those of the jobs. */
final class SharedBuckets implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedBuckets.class);

    /**
     * Time limit of getting a connection, and of a first answer of an idle one. Where that stays out, {@link #ANSWER} is added.
     */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Duration ANSWER = Duration.ofSeconds(1);

    /** So long no request waits for a database that did not answer one. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final int CONNECTIONS = 4;
    private static final int REMOVED_AT_ONCE = 1000;

    private final HikariDataSource connections;
    private final DatabaseClock clock;
    private final PostgreSQLSelectForUpdateBasedProxyManager<String> buckets;
    private final AtomicLong askFrom = new AtomicLong(System.nanoTime());

    /** Soft references, because the number of token subjects is unbounded. */
    private final Map<String, Bucket> known = new ConcurrentReferenceHashMap<>();

    /**
     * The state of a bucket on this node. It queries for one request at a time, and not while the bucket is empty: a flood with
     * one key takes neither all connections nor the database's time.
     */
    private static final class Bucket {

        /** By {@link System#nanoTime}. */
        private long emptyUntil = System.nanoTime();

        synchronized Optional<ConsumptionProbe> tryConsume(Supplier<Optional<ConsumptionProbe>> question) {
            long wait = emptyUntil - System.nanoTime();
            if (wait > 0) {
                return Optional.of(ConsumptionProbe.rejected(0, wait, wait));
            }
            Optional<ConsumptionProbe> answer = question.get();
            emptyUntil = System.nanoTime()
                    + answer.map(ConsumptionProbe::getNanosToWaitForRefill).orElse(0L);
            return answer;
        }
    }

    SharedBuckets(DataSource database, Clock own) {
        connections = DataSourceBuilder.derivedFrom(database)
                .type(HikariDataSource.class)
                .build();
        connections.setPoolName("rate limit");
        connections.setMaximumPoolSize(CONNECTIONS);
        connections.setMinimumIdle(1);
        connections.setConnectionTimeout(PATIENCE.toMillis());
        connections.setValidationTimeout(PATIENCE.toMillis());
        connections.setInitializationFailTimeout(-1);
        // A count that is lost when the database dies costs nothing; a disk that is waited for costs each request.
        connections.setConnectionInitSql("set synchronous_commit to off");
        connections.addDataSourceProperty("connectTimeout", ANSWER.toSeconds());
        connections.addDataSourceProperty("socketTimeout", ANSWER.toSeconds());
        clock = new DatabaseClock(connections, own);
        buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(connections)
                .clientClock(clock)
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .table("rate_limit")
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(1)))
                .build();
    }

    /** @return nothing while the database is away */
    Optional<ConsumptionProbe> tryConsume(String key, BucketConfiguration limit) {
        return known.computeIfAbsent(key, unknown -> new Bucket())
                .tryConsume(() -> ask(() -> buckets.getProxy(key, () -> limit).tryConsumeAndReturnRemaining(1)));
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
    void setClock() {
        ask(() -> {
            clock.set();
            return true;
        });
    }

    /** Subjects of tokens are without number. */
    @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.MINUTES)
    void removeExpired() {
        ask(() -> {
            int removed;
            do {
                removed = buckets.removeExpired(REMOVED_AT_ONCE);
            } while (removed == REMOVED_AT_ONCE);
            return removed;
        });
    }

    private <T> Optional<T> ask(Supplier<T> question) {
        long from = askFrom.get();
        if (System.nanoTime() - from < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.get());
        } catch (BucketExecutionException | DataAccessException e) {
            if (!isBusy(e) && askFrom.compareAndSet(from, System.nanoTime() + PAUSE.toNanos())) {
                LOG.warn(
                        "The database does not answer; this node counts requests by itself for {} s",
                        PAUSE.toSeconds(),
                        e);
            }
            return Optional.empty();
        }
    }

    /** Whether all connections were at work: only the one that found none is counted by this node then. */
    private boolean isBusy(RuntimeException e) {
        return NestedExceptionUtils.getMostSpecificCause(e) instanceof SQLTransientConnectionException
                && connections.getHikariPoolMXBean().getActiveConnections() == CONNECTIONS;
    }

    @Override
    public void close() {
        connections.close();
    }
}
