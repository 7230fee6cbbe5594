package org.cxrlocalizer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.cxrlocalizer.evaluation.BoxSystem;
import org.cxrlocalizer.evaluation.Evaluator;
import org.cxrlocalizer.evaluation.ImageLocalizer;
import org.cxrlocalizer.evaluation.ImagePrediction;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.localization.Localizer;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReader;

/** The main path for the image files of an evaluation: one forward pass for each method. */
record ImageWalk(Localizer localizer, RadiographReader reader) implements ImageLocalizer {

    @Override
    public List<Localization> localize(Path image, List<BoxSystem> systems) throws IOException {
        Radiograph radiograph = reader.read(Files.readAllBytes(image));
        Map<String, Localization> byMethod = new HashMap<>();
        List<Localization> localizations = new ArrayList<>();
        for (BoxSystem system : systems) {
            Localization first = byMethod.computeIfAbsent(
                    system.requireMethod(),
                    method -> localizer.localize(
                            radiograph, new LocalizationRequest(Set.of(), method, system.requirePolicy(), 0)));
            localizations.add(first.withPolicy(
                    system.requirePolicy(), localizer.policies().calibrated()));
        }
        return localizations;
    }

    /** Runs an evaluation with a progress bar. */
    static List<ImagePrediction> run(Evaluator evaluator, boolean resume) throws IOException {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("Images")
                .showSpeed()
                .setUpdateIntervalMillis(500)
                .build()) {
            return evaluator.run(resume, (done, total) -> {
                bar.maxHint(total);
                bar.stepTo(done);
            });
        }
    }
}
