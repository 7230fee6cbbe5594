package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.localization.Localizer;
import org.cxrlocalizer.model.InferenceRefusedException;
import org.cxrlocalizer.model.InferenceRefusedException.Reason;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReader;

/** The main path for the image files of an evaluation: one forward pass for each method. */
public record ImageWalk(Localizer localizer, RadiographReader reader) implements ImageLocalizer {

    private static final long PATIENCE_MILLIS = 100;
    private static final Set<Reason> PASSING = Set.of(Reason.QUEUE_FULL, Reason.DEADLINE_PASSED);

    @Override
    public List<Localization> localize(Path image, List<BoxSystem> systems) throws IOException {
        Radiograph radiograph = reader.read(Files.readAllBytes(image));
        Map<String, Localization> byMethod = new HashMap<>();
        List<Localization> localizations = new ArrayList<>();
        for (BoxSystem system : systems) {
            Localization first = byMethod.computeIfAbsent(
                    system.requireMethod(),
                    method ->
                            localize(radiograph, new LocalizationRequest(Set.of(), method, system.requirePolicy(), 0)));
            localizations.add(first.withPolicy(
                    system.requirePolicy(), localizer.policies().calibrated()));
        }
        return localizations;
    }

    /** Callers of the service go first: where they fill the queue, an evaluation waits. */
    private Localization localize(Radiograph radiograph, LocalizationRequest request) {
        while (true) {
            try {
                return localizer.localize(radiograph, request);
            } catch (InferenceRefusedException e) {
                if (!PASSING.contains(e.reason())) {
                    throw e;
                }
                try {
                    Thread.sleep(PATIENCE_MILLIS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new CancellationException("interrupted while waiting for a place in the queue");
                }
            }
        }
    }
}
