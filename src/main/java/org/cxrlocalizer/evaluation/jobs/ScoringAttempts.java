// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
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
    /** Evaluation to the node that marked it; at a stop, this node's number cannot be had any more. */
    private final Map<UUID, UUID> marked = new ConcurrentHashMap<>();

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
                UUID server = thisNode();
                marked.put(evaluation, server);
                mark(evaluation, server);
                LOG.info("Scoring the evaluation {}", evaluation);
            }

            @Override
            public void ended() {
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
                .filter(scoring -> !scoring.equals(thisNode()) && !isAlive(scoring))
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

    private void mark(UUID evaluation, UUID server) {
        database.sql("update evaluation set scoring_node = :node where id = :id")
                .param("node", server)
                .param("id", evaluation)
                .update();
    }

    /** Remembers a mark that it cannot remove, for the stop. */
    private void unmark(UUID evaluation) {
        UUID server = marked.get(evaluation);
        if (server != null) {
            database.sql("update evaluation set scoring_node = null where id = :id and scoring_node = :node")
                    .param("node", server)
                    .param("id", evaluation)
                    .update();
            marked.remove(evaluation, server);
        }
    }

    /** A node that stops does not wait for its scorings, which another attempt begins again. */
    @Override
    public void destroy() {
        marked.keySet().forEach(this::unmark);
    }
}
