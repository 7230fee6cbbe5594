package org.cxrlocalizer.evaluation;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The predictions of a run, appended line by line, so that a killed run goes on where it was. The first line is the run's
 * key; only a run of the same key may go on. A line that was cut off by a kill is dropped.
 */
final class PredictionLog implements Closeable {

    static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private static final int BLOCK = 1 << 16;

    /** The property that each box has, and nothing else. */
    private static final Pattern SCORE = Pattern.compile("\"score\":");

    private final FileChannel file;
    private final List<ImagePrediction> predictions;

    private PredictionLog(FileChannel file, List<ImagePrediction> predictions) {
        this.file = file;
        this.predictions = predictions;
    }

    /**
     * Opens a log.
     *
     * @param mode how to treat an existing log
     * @throws EvaluationRefusedException if a log exists and must not be continued, or is of another key
     */
    static PredictionLog open(Path path, PredictionKey key, ResumeMode mode) throws IOException {
        if (Files.exists(path) && mode == ResumeMode.REFUSE) {
            throw new EvaluationRefusedException(
                    "%s exists already; --resume continues it, another --out starts again".formatted(path));
        }
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() == null) {
                throw new EvaluationRefusedException("another run writes %s".formatted(path));
            }
            List<ImagePrediction> found = read(path, file, key.json());
            return new PredictionLog(file, found);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static List<ImagePrediction> read(Path path, FileChannel file, String key) throws IOException {
        long end = endOfLastLine(file);
        file.truncate(end);
        file.position(0);
        BufferedReader lines =
                new BufferedReader(Channels.newReader(file, StandardCharsets.UTF_8)); // closed with the file
        String first = lines.readLine();
        if (first == null) {
            file.truncate(0);
            append(file, key);
            return new ArrayList<>();
        }
        if (!first.equals(key)) {
            throw new EvaluationRefusedException(
                    "%s is of another run: it has %s and not %s".formatted(path, first, key));
        }
        List<ImagePrediction> found = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            found.add(JSON.readValue(line, ImagePrediction.class));
        }
        file.position(end);
        return found;
    }

    private static long endOfLastLine(FileChannel file) throws IOException {
        byte[] block = new byte[BLOCK];
        for (long end = file.size(); end > 0; end -= Math.min(end, BLOCK)) {
            int length = (int) Math.min(end, BLOCK);
            ByteBuffer bytes = ByteBuffer.wrap(block, 0, length);
            while (bytes.hasRemaining() && file.read(bytes, end - length + bytes.position()) >= 0) {}
            for (int i = length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return end - length + i + 1;
                }
            }
        }
        return 0;
    }

    /** Returns how many boxes a line has, without parsing it. */
    static long boxes(String line) {
        return SCORE.matcher(line).results().count();
    }

    /** What was read and added, in that order. */
    synchronized List<ImagePrediction> predictions() {
        return List.copyOf(predictions);
    }

    synchronized void add(ImagePrediction prediction) throws IOException {
        append(file, JSON.writeValueAsString(prediction));
        predictions.add(prediction);
    }

    private static void append(FileChannel file, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
