// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The statistics of the configured dataset files, computed at their first request. */
@Component
public class ServedStatistics {

    private final DatasetProperties properties;
    private @Nullable DatasetStatistics computed;

    /** @throws UnreadableSettingException if a configured file cannot be read */
    ServedStatistics(DatasetProperties properties) {
        this.properties = properties;
        FileSetting.requireReadable("dataset.entries", properties.entries());
        FileSetting.requireReadable("dataset.train-list", properties.trainList());
        FileSetting.requireReadable("dataset.test-list", properties.testList());
    }

    /**
     * @return empty if no data entry file is configured
     * @throws InvalidDatasetException if a file is not what it should be
     */
    public synchronized Optional<DatasetStatistics> get() {
        if (computed == null && properties.entries() != null) {
            try {
                computed = DatasetStatistics.read(
                        properties.entries().resource(),
                        FileSetting.resourceOrNull(properties.trainList()),
                        FileSetting.resourceOrNull(properties.testList()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.ofNullable(computed);
    }
}
