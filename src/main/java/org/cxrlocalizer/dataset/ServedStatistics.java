package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/** The statistics of the configured dataset files, computed when they are first asked for. */
@Component
public class ServedStatistics {

    private final DatasetProperties properties;
    private @Nullable DatasetStatistics computed;

    /** @throws InvalidDatasetException if a configured file does not exist */
    ServedStatistics(DatasetProperties properties) {
        this.properties = properties;
        requireExists("dataset.entries", properties.entries());
        requireExists("dataset.train-list", properties.trainList());
        requireExists("dataset.test-list", properties.testList());
    }

    private static void requireExists(String property, @Nullable Resource resource) {
        if (resource != null && !resource.exists()) {
            throw new InvalidDatasetException(
                    "%s names %s, which does not exist.".formatted(property, resource.getDescription()));
        }
    }

    /**
     * @return empty if no data entry file is configured
     * @throws InvalidDatasetException if a file is not what it should be
     */
    public synchronized Optional<DatasetStatistics> get() {
        if (computed == null && properties.entries() != null) {
            try {
                computed = DatasetStatistics.read(properties.entries(), properties.trainList(), properties.testList());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.ofNullable(computed);
    }
}
