package org.cxrlocalizer.comparison;

import java.util.List;
import java.util.Optional;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.TruthBox;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts what a model found beside what a radiologist drew. */
@Component
public class GroundTruthComparer {

    private final GroundTruth groundTruth;

    GroundTruthComparer(GroundTruth groundTruth) {
        this.groundTruth = groundTruth;
    }

    /**
     * Compares the boxes of each finding with the ground truth of its label.
     *
     * @param imageIndex the image's name in the dataset; null where it is not known to be of the dataset
     */
    public ComparedLocalization compare(Localization localization, @Nullable String imageIndex) {
        if (imageIndex == null) {
            return uncompared(localization, List.of());
        }
        Optional<List<TruthBox>> truths = groundTruth.of(imageIndex);
        if (truths.isEmpty()) {
            return uncompared(localization, List.of());
        }
        ImageFrame frame = localization.frame();
        if (frame.imageWidth() != ChestXray14.IMAGE_SIDE || frame.imageHeight() != ChestXray14.IMAGE_SIDE) {
            return uncompared(
                    localization,
                    List.of(
                            "The ground truth of %s is of the released image of 1024 × 1024 pixels; this one has %d × %d and was not compared."
                                    .formatted(imageIndex, frame.imageWidth(), frame.imageHeight())));
        }
        return new ComparedLocalization(
                localization.findings().stream()
                        .map(finding -> new ComparedFinding(finding, comparisons(finding, truths.get())))
                        .toList(),
                List.of());
    }

    private static ComparedLocalization uncompared(Localization localization, List<String> warnings) {
        return new ComparedLocalization(
                localization.findings().stream()
                        .map(finding -> new ComparedFinding(finding, List.of()))
                        .toList(),
                warnings);
    }

    private static List<Comparison> comparisons(Finding finding, List<TruthBox> truths) {
        List<Box> ofLabel = truths.stream()
                .filter(truth -> truth.label().equals(finding.label()))
                .map(TruthBox::box)
                .toList();
        return Comparison.all(finding.boxes().stream().map(ScoredBox::box).toList(), ofLabel);
    }
}
