package org.cxrlocalizer.evaluation.jobs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ScoringGuard;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.storage.StorageProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Marks in the database which node scores an evaluation, because a scoring that exhausts the memory ends its process before
 * anything can be written. The mark is removed when the scoring ends, and when its node stops; so a mark of a node that is
 * gone is left by a process that ended while it scored.
 */
@Component
@NotOnCommandLine
class ScoringAttempts implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(ScoringAttempts.class);

    static final String MEMORY =
            "An attempt to score it ended its process, as exhausted memory does. It is not tried again. Fewer systems, draws, images or boxes need less memory; a larger heap (-Xmx) has more.";

    /** A node writes each 5 s that it is alive; one that others take for dead has not for 20 s. */
    private static final Duration ALIVE = Duration.ofSeconds(15);

    private static final UUID NO_NODE = new UUID(0, 0);

    private final JdbcClient database;
    private final EvaluationStore store;
    private final StorageProvider jobs;
    private final ObjectProvider<BackgroundJobServer> node;
    private final Clock clock;
    private final Set<UUID> ofThisNode = ConcurrentHashMap.newKeySet();

    ScoringAttempts(
            JdbcClient database,
            EvaluationStore store,
            StorageProvider jobs,
            ObjectProvider<BackgroundJobServer> node,
            Clock clock) {
        this.database = database;
        this.store = store;
        this.jobs = jobs;
        this.node = node;
        this.clock = clock;
    }

    /** Marks an evaluation as long as it is scored. */
    ScoringGuard guard(UUID evaluation) {
        return new ScoringGuard() {
            @Override
            public boolean isOpen() {
                return store.isOpen(evaluation);
            }

            @Override
            public void begins() {
                ofThisNode.add(evaluation);
                mark(evaluation);
                LOG.info("Scoring the evaluation {}", evaluation);
            }

            @Override
            public void ended() {
                ofThisNode.remove(evaluation);
                unmark(evaluation);
            }
        };
    }

    /** @throws EvaluationRefusedException if an earlier attempt to score it ended its process */
    void requireNoneEndedAProcess(UUID evaluation) {
        if (endedAProcess(evaluation)) {
            throw new EvaluationRefusedException(MEMORY);
        }
    }

    /** Whether an earlier attempt to score it ended its process. */
    boolean endedAProcess(UUID evaluation) {
        return database.sql("select scoring_node from evaluation where id = :id and scoring_node is not null")
                .param("id", evaluation)
                .query(UUID.class)
                .optional()
                .filter(marked -> !marked.equals(thisNode()) && !isAlive(marked))
                .isPresent();
    }

    private boolean isAlive(UUID other) {
        Instant since = clock.instant().minus(ALIVE);
        return jobs.getBackgroundJobServers().stream()
                .anyMatch(server -> server.getId().equals(other)
                        && server.getLastHeartbeat().isAfter(since));
    }

    private UUID thisNode() {
        BackgroundJobServer server = node.getIfAvailable();
        return server == null ? NO_NODE : server.getId();
    }

    private void mark(UUID evaluation) {
        database.sql("update evaluation set scoring_node = :node where id = :id")
                .param("node", thisNode())
                .param("id", evaluation)
                .update();
    }

    private void unmark(UUID evaluation) {
        database.sql("update evaluation set scoring_node = null where id = :id and scoring_node = :node")
                .param("node", thisNode())
                .param("id", evaluation)
                .update();
    }

    /** A node that stops does not wait for its scorings, which another attempt begins again. */
    @Override
    public void destroy() {
        ofThisNode.forEach(this::unmark);
    }
}
