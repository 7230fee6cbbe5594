// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.batch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.cxrlocalizer.evaluation.LineLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The images of an output directory that were localized, or failed. The last line of an image counts. */
final class FolderLog implements Closeable {

    private static final String NAME = ".localize.jsonl";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Logger LOG = LoggerFactory.getLogger(FolderLog.class);

    private final LineLog lines;
    private final Map<String, ImageRecord> records;

    private FolderLog(LineLog lines, Map<String, ImageRecord> records) {
        this.lines = lines;
        this.records = records;
    }

    /**
     * Opens the log of an output directory. An image whose line is damaged is localized again.
     *
     * @throws org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException if another run has it open
     */
    static FolderLog open(Path directory) throws IOException {
        Map<String, ImageRecord> records = new ConcurrentHashMap<>();
        LineLog lines = LineLog.open(directory.resolve(NAME), (number, line) -> {
            try {
                ImageRecord record = JSON.readValue(line, ImageRecord.class);
                if (record != null && record.file() != null) {
                    records.put(record.file(), record);
                }
            } catch (JacksonException e) {
                LOG.debug("Line {} of the log cannot be read", number, e);
            }
        });
        return new FolderLog(lines, records);
    }

    @Nullable
    ImageRecord find(String file) {
        return records.get(file);
    }

    void add(ImageRecord record) throws IOException {
        lines.append(JSON.writeValueAsString(record));
        records.put(record.file(), record);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
