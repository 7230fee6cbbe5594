package org.cxrlocalizer.cli;

import java.io.IOException;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.cxrlocalizer.evaluation.Evaluator;

/** Runs something over images with a progress bar. */
final class ImageProgress {

    private ImageProgress() {}

    /** What reports its progress. */
    interface Task<T> {
        T run(Evaluator.Progress progress) throws IOException;
    }

    static <T> T shown(Task<T> task) throws IOException {
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
}
