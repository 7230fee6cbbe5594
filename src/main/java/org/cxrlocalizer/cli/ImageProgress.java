// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.cxrlocalizer.evaluation.Evaluator;

/** Runs something over images and shows its progress: as a bar on a terminal, as a line now and then in a pipe or a file. */
final class ImageProgress {

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final long NANOS_BETWEEN_LINES = Duration.ofSeconds(30).toNanos();

    private ImageProgress() {}

    /** What reports its progress. */
    interface Task<T> {
        T run(Evaluator.Progress progress) throws IOException;
    }

    static <T> T shown(Task<T> task) throws IOException {
        return isTerminal() ? asBar(task) : task.run(new Lines());
    }

    /** Java reports only for standard input and output whether they are a terminal. */
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false; // lines suit a terminal, too
        }
    }

    private static <T> T asBar(Task<T> task) throws IOException {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("Images")
                .showSpeed()
                .setUpdateIntervalMillis(500)
                .build()) {
            return task.run((done, total) -> {
                bar.maxHint(total);
                bar.stepTo(done);
            });
        }
    }

    /** Writes lines without control characters. */
    private static final class Lines implements Evaluator.Progress {

        private long written = System.nanoTime() - NANOS_BETWEEN_LINES;

        @Override
        public void at(int done, int total) {
            long now = System.nanoTime();
            if (done == total || now - written >= NANOS_BETWEEN_LINES) {
                written = now;
                System.err.printf("Images: %d of %d%n", done, total);
            }
        }
    }
}
