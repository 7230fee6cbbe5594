package org.cxrlocalizer.evaluation.jobs;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cxrlocalizer.evaluation.jobs.EvaluationJob.State;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** The state of evaluations in the database. A final state is never left. */
@Repository
@Profile("!command-line")
class EvaluationStore {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String WHILE_OPEN = " where id = :id and state in ('QUEUED', 'RUNNING')";

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
        return database.sql("select * from evaluation where id = :id")
                .param("id", id)
                .query(EvaluationStore::job)
                .optional();
    }

    /** The newest first. */
    List<EvaluationJob> list(int limit) {
        return database.sql("select * from evaluation order by created desc, id limit :limit")
                .param("limit", limit)
                .query(EvaluationStore::job)
                .list();
    }

    List<UUID> open() {
        return database.sql("select id from evaluation where state in ('QUEUED', 'RUNNING')")
                .query(UUID.class)
                .list();
    }

    /** @return false if it has ended */
    boolean start(UUID id) {
        return update("set state = 'RUNNING', started = coalesce(started, :now)", id, null);
    }

    /** @return false if it has ended, by a cancellation */
    boolean progress(UUID id, int done, int total) {
        return database.sql("update evaluation set images_done = :done, images_total = :total" + WHILE_OPEN)
                        .param("done", done)
                        .param("total", total)
                        .param("id", id)
                        .update()
                > 0;
    }

    /** @return false if it had ended before */
    boolean end(UUID id, State state, @Nullable String failure) {
        return update("set state = '%s', failure = :failure, finished = :now".formatted(state), id, failure);
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

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static EvaluationJob job(ResultSet row, int number) throws SQLException {
        return new EvaluationJob(
                row.getObject("id", UUID.class),
                JSON.readValue(row.getString("request"), EvaluationRequest.class),
                State.valueOf(row.getString("state")),
                row.getInt("images_done"),
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
