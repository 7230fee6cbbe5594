// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cxrlocalizer.jobs.JobCursor;
import org.cxrlocalizer.jobs.JobEnds;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The state of jobs in the database. A study has at most one open job for each model at a time: a unique key sees to that, which
 * open jobs alone have.
 */
@Repository
@NotOnCommandLine
class PacsJobStore {

    private static final String WHILE_OPEN = " where id = :id and open_key is not null";
    private static final String OF_RUN = " and run_id = :run";
    private static final String WHILE_CURRENT = WHILE_OPEN + OF_RUN;

    private final JdbcClient database;
    private final Clock clock;

    PacsJobStore(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @return false if the study has an open job for the model */
    boolean add(Run run, String node, String studyUid, @Nullable String model) {
        try {
            database.sql("""
                            insert into pacs_job (id, run_id, node, study_uid, model, open_key, state, run_again, images_total,
                                images_done, images_refused, objects_stored, attempts, created)
                            values (:id, :run, :node, :study, :model, :key, 'QUEUED', false, 0, 0, 0, 0, 0, :now)""")
                    .param("id", run.job())
                    .param("run", run.run())
                    .param("node", node)
                    .param("study", studyUid)
                    .param("model", model)
                    .param("key", key(node, studyUid, model))
                    .param("now", now())
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    /** The open job of a study; if it runs, it will look at the study once more, for what came since it began. */
    Optional<PacsJob> runAgain(String node, String studyUid, @Nullable String model) {
        database.sql("update pacs_job set run_again = (state = 'RUNNING') where open_key = :key")
                .param("key", key(node, studyUid, model))
                .update();
        return database.sql("select * from pacs_job where open_key = :key")
                .param("key", key(node, studyUid, model))
                .query(PacsJobStore::job)
                .optional()
                .map(this::withRefused);
    }

    private static String key(String node, String studyUid, @Nullable String model) {
        return node + "/" + studyUid + (model == null ? "" : "/" + model);
    }

    Optional<PacsJob> find(UUID id) {
        return database.sql("select * from pacs_job where id = :id")
                .param("id", id)
                .query(PacsJobStore::job)
                .optional()
                .map(this::withRefused);
    }

    private PacsJob withRefused(PacsJob job) {
        return job.withRefused(database.sql("select sop_instance_uid, reason, detail from pacs_refused_image"
                        + " where job_id = :id order by image_number")
                .param("id", job.id())
                .query((row, number) -> new RefusedImage(
                        row.getString("sop_instance_uid"), row.getString("reason"), row.getString("detail")))
                .list());
    }

    /**
     * Returns a page of the list, the newest first, without the images that they refused.
     *
     * @param state of all of them; any for null
     * @param after the place behind the page before; null for the first page
     */
    List<PacsJob> list(@Nullable JobState state, int limit, @Nullable JobCursor after) {
        return database.sql("select * from pacs_job where (cast(:state as varchar) is null or state = :state)"
                        + (after == null ? "" : " and (created < :created or created = :created and id > :id)")
                        + " order by created desc, id limit :limit")
                .param("state", state == null ? null : state.name())
                .param("limit", limit)
                .param("created", after == null ? null : after.created().atOffset(ZoneOffset.UTC))
                .param("id", after == null ? null : after.id())
                .query(PacsJobStore::job)
                .list();
    }

    /** @return false if it has not ended, or is not there */
    boolean delete(UUID id) {
        return database.sql("delete from pacs_job where id = :id and open_key is null")
                        .param("id", id)
                        .update()
                > 0;
    }

    /** @return how many there were */
    int deleteEndedBefore(Instant time) {
        return database.sql("delete from pacs_job where open_key is null and finished < :time")
                .param("time", time.atOffset(ZoneOffset.UTC))
                .update();
    }

    long countOpen() {
        return database.sql("select count(*) from pacs_job where open_key is not null")
                .query(Long.class)
                .single();
    }

    /** A job, and the number under which the jobs library has it; from one retry to the next it has another one. */
    record Run(UUID job, UUID run) {}

    List<Run> open() {
        return database.sql("select id, run_id from pacs_job where open_key is not null")
                .query((row, number) -> new Run(row.getObject("id", UUID.class), row.getObject("run_id", UUID.class)))
                .list();
    }

    /** Whether the job is open, and this is its run. */
    boolean isCurrent(Run run) {
        return database.sql("select count(*) from pacs_job" + WHILE_CURRENT)
                        .param("id", run.job())
                        .param("run", run.run())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** @return false if it has ended, or has another run */
    boolean start(Run run) {
        boolean isOpen = database.sql("update pacs_job set state = 'RUNNING', run_again = false,"
                                + " attempts = attempts + 1, images_done = 0, images_refused = 0" + WHILE_CURRENT)
                        .param("id", run.job())
                        .param("run", run.run())
                        .update()
                > 0;
        if (isOpen) {
            database.sql("delete from pacs_refused_image where job_id = :id")
                    .param("id", run.job())
                    .update();
        }
        return isOpen;
    }

    /**
     * Writes down that an image was refused, unless the job has ended.
     *
     * @param number of the image in its study; another run of the job may have it already
     */
    void refuse(Run run, int number, RefusedImage image) {
        try {
            database.sql("insert into pacs_refused_image (job_id, image_number, sop_instance_uid, reason, detail)"
                            + " select id, cast(:number as integer), cast(:uid as varchar), cast(:reason as varchar),"
                            + " cast(:detail as varchar) from pacs_job" + WHILE_CURRENT)
                    .param("number", number)
                    .param("uid", image.sopInstanceUid())
                    .param("reason", image.reason())
                    .param("detail", image.detail())
                    .param("id", run.job())
                    .param("run", run.run())
                    .update();
        } catch (DuplicateKeyException e) {
            // The other run refused it for the same reason.
        }
    }

    /** @return false if it has ended by a cancellation, or has another run */
    boolean progress(Run run, int total, int done, int refused, int newlyStored) {
        return database.sql("update pacs_job set images_total = :total, images_done = :done,"
                                + " images_refused = :refused, objects_stored = objects_stored + :stored"
                                + WHILE_CURRENT)
                        .param("total", total)
                        .param("done", done)
                        .param("refused", refused)
                        .param("stored", newlyStored)
                        .param("id", run.job())
                        .param("run", run.run())
                        .update()
                > 0;
    }

    /** Writes down that an attempt ended and another one follows, unless the job has another run. */
    void interrupted(Run run, @Nullable String failure) {
        database.sql("update pacs_job set state = 'QUEUED', failure = :failure" + WHILE_CURRENT)
                .param("failure", failure)
                .param("id", run.job())
                .param("run", run.run())
                .update();
    }

    /** @return false if the study is to be looked at once more, or the job has ended or has another run */
    boolean succeed(Run run) {
        return database.sql("update pacs_job set state = 'SUCCEEDED', open_key = null, failure = null, finished = :now"
                                + WHILE_CURRENT + " and not run_again")
                        .param("now", now())
                        .param("id", run.job())
                        .param("run", run.run())
                        .update()
                > 0;
    }

    /** @return false if it had ended before, or has another run */
    boolean fail(Run run, @Nullable String failure) {
        return ending(run.job(), JobState.FAILED, failure, OF_RUN)
                        .param("run", run.run())
                        .update()
                > 0;
    }

    /** @return false if it had ended before */
    boolean end(UUID id, JobState state, @Nullable String failure) {
        return ending(id, state, failure, "").update() > 0;
    }

    private JdbcClient.StatementSpec ending(UUID id, JobState state, @Nullable String failure, String condition) {
        return database.sql("update pacs_job set state = :state, open_key = null, failure = :failure, finished = :now"
                        + WHILE_OPEN + condition)
                .param("state", state.name())
                .param("failure", failure)
                .param("now", now())
                .param("id", id);
    }

    /** @return false if it is open, has succeeded, or its study has another open job */
    boolean reopen(Run run) {
        try {
            return database.sql("update pacs_job set state = 'QUEUED',"
                                    + " open_key = node || '/' || study_uid || coalesce('/' || model, ''),"
                                    + " run_id = :run, failure = null, finished = null, announced = null"
                                    + " where id = :id and state in ('FAILED', 'CANCELLED')")
                            .param("id", run.job())
                            .param("run", run.run())
                            .update()
                    > 0;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    JobEnds ends() {
        return new JobEnds(database, clock, "pacs_job");
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static PacsJob job(ResultSet row, int number) throws SQLException {
        OffsetDateTime finished = row.getObject("finished", OffsetDateTime.class);
        return new PacsJob(
                row.getObject("id", UUID.class),
                row.getString("node"),
                row.getString("study_uid"),
                row.getString("model"),
                JobState.valueOf(row.getString("state")),
                row.getInt("images_total"),
                row.getInt("images_done"),
                row.getInt("images_refused"),
                List.of(),
                row.getInt("objects_stored"),
                row.getInt("attempts"),
                row.getString("failure"),
                row.getObject("created", OffsetDateTime.class).toInstant(),
                finished == null ? null : finished.toInstant());
    }
}
