package org.cxrlocalizer.security;

import com.zaxxer.hikari.HikariDataSource;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketExceptions.BucketExecutionException;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.github.bucket4j.postgresql.PostgreSQLSelectForUpdateBasedProxyManager;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.scheduling.annotation.Scheduled;

/** What each may still ask, in a table that all nodes share. Its own few connections do not wait for those of the jobs. */
final class SharedBuckets implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedBuckets.class);

    /** A request waits at most so long for a database that is away, and none does for a while after it. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int CONNECTIONS = 4;
    private static final int REMOVED_AT_ONCE = 1000;

    private final HikariDataSource connections;
    private final PostgreSQLSelectForUpdateBasedProxyManager<String> buckets;
    private volatile long askFrom = System.nanoTime();

    SharedBuckets(DataSource database) {
        connections = DataSourceBuilder.derivedFrom(database)
                .type(HikariDataSource.class)
                .build();
        connections.setPoolName("rate limit");
        connections.setMaximumPoolSize(CONNECTIONS);
        connections.setMinimumIdle(1);
        connections.setConnectionTimeout(PATIENCE.toMillis());
        connections.setInitializationFailTimeout(-1);
        // A count that is lost when the database dies costs nothing; a disk that is waited for costs each request.
        connections.setConnectionInitSql("set synchronous_commit to off");
        connections.addDataSourceProperty("connectTimeout", 1);
        connections.addDataSourceProperty("socketTimeout", 1);
        buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(connections)
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .table("rate_limit")
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofMinutes(1)))
                .build();
    }

    /** @return nothing while the database is away */
    Optional<ConsumptionProbe> tryConsume(String key, BucketConfiguration limit) {
        return ask(() -> buckets.getProxy(key, () -> limit).tryConsumeAndReturnRemaining(1));
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
        if (System.nanoTime() - askFrom < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.get());
        } catch (BucketExecutionException e) {
            askFrom = System.nanoTime() + PAUSE.toNanos();
            LOG.warn(
                    "The database does not answer; this node counts requests by itself for {} s", PAUSE.toSeconds(), e);
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        connections.close();
    }
}
