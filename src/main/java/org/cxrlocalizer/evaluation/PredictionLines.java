// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.evaluation.scoring.PredictionPacking;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Reads the lines of a log as predictions, a batch at a time on all processors: the whole dataset has a gigabyte of lines. Predictions are
 * kept packed, and in the order of their lines.
 */
final class PredictionLines {

    private static final Logger LOG = LoggerFactory.getLogger(PredictionLines.class);

    /** Lines that are in memory at a time: 10 MB of the bundled model's. */
    private static final int BATCH = 1024;

    private final Path path;
    private final PredictionPacking packing;
    private final List<ImagePrediction> predictions = new ArrayList<>();
    private final List<String> batch = new ArrayList<>();

    /** The number of the first line of the batch. */
    private int first;

    /** @param path of the log, for messages */
    PredictionLines(Path path, PredictionPacking packing) {
        this.path = path;
        this.packing = packing;
    }

    /**
     * Takes the next line.
     *
     * @throws EvaluationRefusedException if a line of its batch is damaged
     */
    void add(int number, String line) {
        if (batch.isEmpty()) {
            first = number;
        }
        batch.add(line);
        if (batch.size() == BATCH) {
            read();
        }
    }

    /**
     * Returns what was read, to which more can be added.
     *
     * @throws EvaluationRefusedException if a line is damaged
     */
    List<ImagePrediction> predictions() {
        read();
        return predictions;
    }

    private void read() {
        @Nullable ImagePrediction[] read = new ImagePrediction[batch.size()];
        IntStream.range(0, read.length).parallel().forEach(i -> read[i] = prediction(batch.get(i)));
        for (int i = 0; i < read.length; i++) {
            ImagePrediction prediction = read[i];
            if (prediction == null) {
                throw new EvaluationRefusedException(
                        "%s, line %d is damaged: without it, --resume localizes its image again; another --out starts again."
                                .formatted(path, first + i));
            }
            predictions.add(prediction);
        }
        batch.clear();
    }

    /** Returns null if the line is damaged. */
    private @Nullable ImagePrediction prediction(String line) {
        try {
            ImagePrediction prediction = PredictionLog.JSON.readValue(line, ImagePrediction.class);
            return prediction == null || !prediction.hasAllParts() ? null : packing.pack(prediction);
        } catch (JacksonException e) {
            LOG.debug("A line of {} cannot be read", path, e);
            return null;
        }
    }
}
