// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cxrlocalizer.dataset.InvalidDatasetException;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.jobs.JobCursor;
import org.cxrlocalizer.jobs.JobEnds;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.jobrunr.server.runner.ThreadLocalJobContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The state of evaluations in the database. A final state is never left. */
@Repository
@NotOnCommandLine
class EvaluationStore {

    private static final Logger LOG = LoggerFactory.getLogger(EvaluationStore.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OUT_OF_MEMORY =
            "It exhausted the memory of its node, and is not tried again. Fewer systems, draws, images or boxes need less; a larger heap (-Xmx) has more.";
    private static final String WHILE_OPEN = " where id = :id and state in ('QUEUED', 'RUNNING')";

    private static final String DONE_IN_CHUNKS =
            "coalesce((select sum(images_done) from evaluation_chunk where evaluation = id), images_done)";
    private static final String SELECT = "select *, " + DONE_IN_CHUNKS + " as done from evaluation";

    private final JdbcClient database;
    private final Clock clock;

    EvaluationStore(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    void add(UUID id, EvaluationRequest request) {
        database.sql("""
                        insert into evaluation (id, request, state, images_done, images_total, created)
                        values (:id, :request, 'QUEUED', 0, 0, :now)""")
                .param("id", id)
                .param("request", JSON.writeValueAsString(request))
                .param("now", now())
                .update();
    }

    Optional<EvaluationJob> find(UUID id) {
        return database.sql(SELECT + " where id = :id")
                .param("id", id)
                .query(EvaluationStore::job)
                .optional();
    }

    /**
     * Returns a page of the list, the newest first.
     *
     * @param after the last of the page before; null for the first page
     */
    List<EvaluationJob> list(int limit, @Nullable JobCursor after) {
        return database.sql(SELECT
                        + (after == null ? "" : " where created < :created or created = :created and id > :id")
                        + " order by created desc, id limit :limit")
                .param("limit", limit)
                .param("created", after == null ? null : after.created().atOffset(ZoneOffset.UTC))
                .param("id", after == null ? null : after.id())
                .query(EvaluationStore::job)
                .list();
    }

    /** Those that have ended, the last first. */
    List<EvaluationJob> ended() {
        return database.sql(SELECT + " where state not in ('QUEUED', 'RUNNING') order by finished desc, id")
                .query(EvaluationStore::job)
                .list();
    }

    List<UUID> open() {
        return database.sql("select id from evaluation where state in ('QUEUED', 'RUNNING')")
                .query(UUID.class)
                .list();
    }

    /** Images that open evaluations have not got to. */
    long imagesWaiting() {
        return database.sql("select coalesce(sum(images_total - " + DONE_IN_CHUNKS + "), 0) from evaluation"
                        + " where state in ('QUEUED', 'RUNNING')")
                .query(Long.class)
                .single();
    }

    /** A piece of an evaluation's work. */
    @FunctionalInterface
    interface Work {
        void on(EvaluationJob job) throws IOException;
    }

    /**
     * Does a piece of an evaluation's work, if the evaluation is open. A refusal ends the evaluation, and so does exhausted
     * memory; so does the last attempt that the jobs library makes, if it fails.
     */
    void attempt(UUID id, int retries, Work work) throws IOException {
        EvaluationJob job = find(id).orElse(null);
        if (job == null || !start(id)) {
            return;
        }
        try {
            work.on(job);
        } catch (EvaluationRefusedException | InvalidDatasetException e) {
            end(id, JobState.FAILED, e.getMessage());
        } catch (NoSuchFileException | FileNotFoundException e) {
            end(id, JobState.FAILED, "A file of the dataset no longer exists.");
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            if (!isOpen(id)) {
                return;
            }
            if (NestedExceptionUtils.getMostSpecificCause(e) instanceof OutOfMemoryError) {
                LOG.error("The evaluation {} exhausted the memory", id, e);
                end(id, JobState.FAILED, OUT_OF_MEMORY);
                return;
            }
            if (ThreadLocalJobContext.getJobContext().currentRetry() >= retries) {
                end(id, JobState.FAILED, "It failed %d times; the service's log has the cause.".formatted(retries + 1));
            }
            throw e;
        }
    }

    private boolean start(UUID id) {
        return update("set state = 'RUNNING', started = coalesce(started, :now)", id, null);
    }

    boolean isOpen(UUID id) {
        return find(id).map(job -> !job.state().isFinal()).orElse(false);
    }

    /** @return false if it had ended before */
    boolean end(UUID id, JobState state, @Nullable String failure) {
        return update(
                "set state = '%s', failure = :failure, finished = :now, images_done = %s"
                        .formatted(state, DONE_IN_CHUNKS),
                id,
                failure);
    }

    private boolean update(String assignments, UUID id, @Nullable String failure) {
        return database.sql("update evaluation " + assignments + WHILE_OPEN)
                        .param("now", now())
                        .param("id", id)
                        .param("failure", failure)
                        .update()
                > 0;
    }

    /** @return false if it is not there or has not ended */
    boolean delete(UUID id) {
        return database.sql("delete from evaluation where id = :id and state not in ('QUEUED', 'RUNNING')")
                        .param("id", id)
                        .update()
                > 0;
    }

    JobEnds ends() {
        return new JobEnds(database, clock, "evaluation");
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static EvaluationJob job(ResultSet row, int number) throws SQLException {
        return new EvaluationJob(
                row.getObject("id", UUID.class),
                JSON.readValue(row.getString("request"), EvaluationRequest.class),
                JobState.valueOf(row.getString("state")),
                row.getInt("done"),
                row.getInt("images_total"),
                row.getString("failure"),
                row.getObject("created", OffsetDateTime.class).toInstant(),
                instant(row, "started"),
                instant(row, "finished"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
