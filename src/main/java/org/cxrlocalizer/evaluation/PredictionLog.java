package org.cxrlocalizer.evaluation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
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

    private final FileChannel file;
    private final List<ImagePrediction> predictions;

    private PredictionLog(FileChannel file, List<ImagePrediction> predictions) {
        this.file = file;
        this.predictions = predictions;
    }

    /**
     * @param key says what the predictions depend on
     * @param resume whether an existing log is continued
     * @throws EvaluationRefusedException if a log exists and must not be continued, or is of another key
     */
    static PredictionLog open(Path path, String key, boolean resume) throws IOException {
        if (Files.exists(path) && !resume) {
            throw new EvaluationRefusedException(
                    "%s exists already; --resume continues it, another --out starts anew".formatted(path));
        }
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() == null) {
                throw new EvaluationRefusedException("another run writes %s".formatted(path));
            }
            List<ImagePrediction> found = read(path, file, key);
            return new PredictionLog(file, found);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static List<ImagePrediction> read(Path path, FileChannel file, String key) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        file.truncate(end);
        file.position(end);
        List<String> lines =
                new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
        if (lines.isEmpty()) {
            append(file, key);
            return new ArrayList<>();
        }
        if (!lines.get(0).equals(key)) {
            throw new EvaluationRefusedException(
                    "%s is of another run: it has %s and not %s".formatted(path, lines.get(0), key));
        }
        List<ImagePrediction> found = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            found.add(JSON.readValue(line, ImagePrediction.class));
        }
        return found;
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
