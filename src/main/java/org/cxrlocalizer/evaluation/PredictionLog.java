// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.evaluation.scoring.PredictionPacking;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The predictions of a run, appended line by line, so that a killed run goes on where it was. The first line is the run's
 * key; only a run of the same key may go on.
 */
final class PredictionLog implements Closeable {

    static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private static final int SHOWN = 500;

    /** The property that each box has, and nothing else. */
    private static final Pattern SCORE = Pattern.compile("\"score\":");

    private final LineLog file;
    private final PredictionPacking packing;
    private final List<ImagePrediction> predictions;

    private PredictionLog(LineLog file, PredictionPacking packing, List<ImagePrediction> predictions) {
        this.file = file;
        this.packing = packing;
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
        PredictionPacking packing = new PredictionPacking();
        PredictionLines found = new PredictionLines(path, packing);
        AtomicBoolean hasKey = new AtomicBoolean();
        LineLog file = LineLog.open(path, (number, line) -> {
            if (hasKey.getAndSet(true)) {
                found.add(number, line);
            } else if (!line.equals(key.json())) {
                throw new EvaluationRefusedException(
                        "%s is of another run: it has %s and not %s".formatted(path, shortened(line), key.json()));
            }
        });
        try {
            if (!hasKey.get()) {
                file.append(key.json());
            }
            return new PredictionLog(file, packing, found.predictions());
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static String shortened(String line) {
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
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
        file.append(JSON.writeValueAsString(prediction));
        predictions.add(packing.pack(prediction));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
