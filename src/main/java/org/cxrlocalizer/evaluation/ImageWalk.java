package org.cxrlocalizer.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.serving.Localizer;

/** The main path for the image files of an evaluation: one forward pass for each method. */
public record ImageWalk(Localizer localizer, RadiographReader reader) implements ImageLocalizer {

    @Override
    public List<Localization> localize(byte[] image, List<BoxSystem> systems) {
        Radiograph radiograph = Patience.of(() -> reader.read(image));
        Map<String, Localization> byMethod = new HashMap<>();
        List<Localization> localizations = new ArrayList<>();
        for (BoxSystem system : systems) {
            Localization earlier = byMethod.get(system.requireMethod());
            if (earlier == null) {
                Localization first = localize(radiograph, system);
                byMethod.put(system.requireMethod(), first);
                localizations.add(first);
            } else {
                localizations.add(earlier.withPolicy(
                        system.requirePolicy(), localizer.policies().calibrated()));
            }
        }
        return localizations;
    }

    private Localization localize(Radiograph radiograph, BoxSystem system) {
        LocalizationRequest request =
                new LocalizationRequest(Set.of(), system.requireMethod(), system.requirePolicy(), 0);
        return Patience.of(() -> localizer.localize(radiograph, request));
    }

    @Override
    public long maxBytes() {
        return reader.maxBytes();
    }
}
