// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

/** Deletes evaluations that ended long ago, and the oldest where all together take too much of the disk. Off by default. */
@Component
@NotOnCommandLine
class EvaluationRetention {

    private static final Logger LOG = LoggerFactory.getLogger(EvaluationRetention.class);

    private final EvaluationStore store;
    private final EvaluationProperties properties;
    private final Clock clock;

    EvaluationRetention(EvaluationStore store, EvaluationProperties properties, Clock clock) {
        this.store = store;
        this.properties = properties;
        this.clock = clock;
    }

    /** A failure leaves the rest for the next time. */
    @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    void retire() throws IOException {
        Duration age = properties.keepFor();
        DataSize size = properties.keepSize();
        if (age == null && size == null) {
            return;
        }
        long bytes = 0;
        for (EvaluationJob job : store.ended()) {
            long taken = bytes(properties.directory(job.id()));
            Instant ended = job.finished() == null ? job.created() : job.finished();
            if (age != null && ended.isBefore(clock.instant().minus(age))) {
                delete(job, ended, "evaluation.keep-for=" + age);
            } else if (size != null && bytes + taken > size.toBytes()) {
                delete(job, ended, "evaluation.keep-size=" + size);
            } else {
                bytes += taken;
            }
        }
    }

    private void delete(EvaluationJob job, Instant ended, String setting) throws IOException {
        if (store.delete(job.id())) {
            FileSystemUtils.deleteRecursively(properties.directory(job.id()));
            LOG.info("Deleted the evaluation {}, which ended at {}, by {}", job.id(), ended, setting);
        }
    }

    private static long bytes(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(EvaluationRetention::size).sum();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0; // deleted meanwhile
        }
    }
}
