// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The images of evaluations in chunks, which nodes localize independently, and what they found. A chunk's predictions are
 * written once, all in one statement: a second node, after one that was thought dead, changes nothing. The column
 * {@code begun} of table {@code evaluation} holds the attempt.
 */
@Repository
@NotOnCommandLine
class ChunkStore {

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<TreeMap<String, List<String>>> IMAGES = new TypeReference<>() {};
    private static final String OF_AN_OPEN_RUN =
            " exists (select 1 from evaluation where id = :id and begun = :attempt and state in ('QUEUED', 'RUNNING'))";

    private final JdbcClient database;
    private final TransactionOperations transactions;

    ChunkStore(JdbcClient database, TransactionOperations transactions) {
        this.database = database;
        this.transactions = transactions;
    }

    /**
     * How an evaluation is run.
     *
     * @param attempt from 0; chunks of an earlier attempt are void
     * @param key what its predictions depend on; null until its images are cut into chunks
     */
    record Plan(int attempt, @Nullable String key) {}

    Optional<Plan> plan(UUID id) {
        return database.sql("select begun, predictions_key from evaluation where id = :id")
                .param("id", id)
                .query((row, number) -> new Plan(row.getInt("begun"), row.getString("predictions_key")))
                .optional();
    }

    /**
     * Notes the chunks of an evaluation, unless another node has done so.
     *
     * @param chunks the files of each image
     */
    void add(UUID id, int attempt, String key, List<Map<String, List<String>>> chunks) {
        transactions.executeWithoutResult(transaction -> {
            int total = chunks.stream().mapToInt(Map::size).sum();
            int planned = database.sql("update evaluation set predictions_key = :key, images_total = :total"
                            + " where id = :id and predictions_key is null and" + OF_AN_OPEN_RUN)
                    .param("key", key)
                    .param("total", total)
                    .param("id", id)
                    .param("attempt", attempt)
                    .update();
            for (int number = 0; number < chunks.size() && planned > 0; number++) {
                database.sql("""
                                insert into evaluation_chunk (evaluation, number, images, images_total, images_done, enqueued)
                                values (:id, :number, :images, :total, 0, false)""")
                        .param("id", id)
                        .param("number", number)
                        .param("images", JSON.writeValueAsString(chunks.get(number)))
                        .param("total", chunks.get(number).size())
                        .update();
            }
        });
    }

    /** The first chunks that are not in the jobs library's hands, so many that it has as many as it should. */
    List<Integer> toEnqueue(UUID id, int wanted) {
        int enqueued = underWay(id).size();
        return database.sql("""
                        select number from evaluation_chunk where evaluation = :id and not enqueued
                        order by number limit :limit""")
                .param("id", id)
                .param("limit", Math.max(0, wanted - enqueued))
                .query(Integer.class)
                .list();
    }

    /** The chunks that are in the jobs library's hands. */
    List<Integer> underWay(UUID id) {
        return database.sql("select number from evaluation_chunk"
                        + " where evaluation = :id and enqueued and predictions is null")
                .param("id", id)
                .query(Integer.class)
                .list();
    }

    void enqueued(UUID id, int number) {
        database.sql("update evaluation_chunk set enqueued = true where evaluation = :id and number = :number")
                .param("id", id)
                .param("number", number)
                .update();
    }

    boolean areDone(UUID id) {
        return count(id, " and predictions is null") == 0;
    }

    private int count(UUID id, String condition) {
        return database.sql("select count(*) from evaluation_chunk where evaluation = :id" + condition)
                .param("id", id)
                .query(Integer.class)
                .single();
    }

    /** The files of each image of a chunk; absent if it is done, or void. */
    Optional<Map<String, List<String>>> images(LocalizeChunk chunk) {
        return database.sql("select images from evaluation_chunk where evaluation = :id and number = :number"
                        + " and predictions is null and" + OF_AN_OPEN_RUN)
                .param("id", chunk.evaluation())
                .param("attempt", chunk.attempt())
                .param("number", chunk.number())
                .query((row, number) -> (Map<String, List<String>>) JSON.readValue(row.getString("images"), IMAGES))
                .optional();
    }

    /** The files of each image of all chunks. */
    Map<String, List<String>> images(UUID id) {
        Map<String, List<String>> all = new TreeMap<>();
        database.sql("select images from evaluation_chunk where evaluation = :id")
                .param("id", id)
                .query(String.class)
                .list()
                .forEach(chunk -> all.putAll(JSON.readValue(chunk, IMAGES)));
        return all;
    }

    /** @return false if it is done already, or void, or the evaluation has ended */
    boolean progress(LocalizeChunk chunk, int done) {
        return update(chunk, done, null);
    }

    /** @param lines one for each image */
    void done(LocalizeChunk chunk, List<String> lines) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (String line : lines) {
                gzip.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        update(chunk, lines.size(), packed.toByteArray());
    }

    private boolean update(LocalizeChunk chunk, int done, byte @Nullable [] predictions) {
        return database.sql("update evaluation_chunk set images_done = :done, predictions = :predictions"
                                + " where evaluation = :id and number = :number and predictions is null and"
                                + OF_AN_OPEN_RUN)
                        .param("done", done)
                        .param("predictions", predictions)
                        .param("id", chunk.evaluation())
                        .param("attempt", chunk.attempt())
                        .param("number", chunk.number())
                        .update()
                > 0;
    }

    /** The predictions of all chunks, in their order, a line for each image; one chunk at a time is in memory. */
    Stream<String> lines(UUID id) {
        return IntStream.range(0, count(id, ""))
                .boxed()
                .flatMap(number -> unpacked(database.sql(
                                        "select predictions from evaluation_chunk where evaluation = :id and number = :number")
                                .param("id", id)
                                .param("number", number)
                                .query((row, at) -> row.getBytes("predictions"))
                                .single())
                        .stream());
    }

    private static List<String> unpacked(byte[] predictions) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(new ByteArrayInputStream(predictions)), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the next attempt, without any chunk, unless another node has done so. */
    void retry(UUID id, int attempt) {
        transactions.executeWithoutResult(transaction -> {
            int first = database.sql(
                            "update evaluation set begun = begun + 1, predictions_key = null where id = :id and"
                                    + OF_AN_OPEN_RUN)
                    .param("id", id)
                    .param("attempt", attempt)
                    .update();
            if (first > 0) {
                delete(id);
            }
        });
    }

    void delete(UUID id) {
        database.sql("delete from evaluation_chunk where evaluation = :id")
                .param("id", id)
                .update();
    }
}
