package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.cxrlocalizer.evaluation.metrics.TruthSet;
import org.cxrlocalizer.localization.Overlay;
import org.cxrlocalizer.localization.ScoredBox;

/** The best, the median and the worst case of each label. */
final class Gallery {

    /** From which IoU on a box is drawn as a correct one. */
    static final double CORRECT = 0.3;

    record Shown(String caption, String jpeg) {}

    record OfLabel(String label, List<Shown> cases) {}

    private record Case(TruthSet.Truth truth, double iou) {}

    private final TruthSet set;
    private final PredictedBoxes boxes;
    private final BoxSystem system;

    Gallery(TruthSet set, PredictedBoxes boxes, BoxSystem system) {
        this.set = set;
        this.boxes = boxes;
        this.system = system;
    }

    /** The IoU of the best box with each true box, by label. */
    Map<String, double[]> overlaps() {
        Map<String, double[]> overlaps = new LinkedHashMap<>();
        for (int k = 0; k < set.labels().size(); k++) {
            overlaps.put(
                    set.labels().get(k),
                    cases(k).stream().mapToDouble(Case::iou).toArray());
        }
        return overlaps;
    }

    List<OfLabel> paint(CasePainter painter) throws IOException {
        List<OfLabel> gallery = new ArrayList<>();
        for (int k = 0; k < set.labels().size(); k++) {
            List<Case> cases = cases(k);
            List<Shown> shown = new ArrayList<>();
            for (Case one : Stream.of(cases.get(0), cases.get(cases.size() / 2), cases.get(cases.size() - 1))
                    .distinct()
                    .toList()) {
                shown.add(paint(one, painter));
            }
            gallery.add(new OfLabel(set.labels().get(k), shown));
        }
        return gallery;
    }

    /** Best first. */
    private List<Case> cases(int label) {
        return set.truths().stream()
                .filter(truth -> truth.label() == label)
                .map(truth -> new Case(
                        truth,
                        found(truth).stream()
                                .mapToDouble(box -> box.box().iou(truth.box()))
                                .max()
                                .orElse(0)))
                .sorted(Comparator.comparingDouble(Case::iou).reversed())
                .toList();
    }

    private List<ScoredBox> found(TruthSet.Truth truth) {
        return boxes.of(set, system.name(), false).of(truth.image(), truth.label());
    }

    private Shown paint(Case one, CasePainter painter) throws IOException {
        TruthSet.Truth truth = one.truth();
        String image = set.images().get(truth.image()).name();
        List<ScoredBox> found = found(truth);
        List<Overlay.Outline> outlines = ComparisonOutlines.of(
                found,
                Comparison.all(found.stream().map(ScoredBox::box).toList(), set.boxes(truth.image(), truth.label())),
                CORRECT);
        String caption = String.format(Locale.ROOT, "%s, IoU %.2f", image, one.iou());
        byte[] jpeg = painter.paint(
                image,
                Objects.requireNonNull(boxes.maps(set, system.mapsOf()).of(truth.image(), truth.label())),
                boxes.maps(set, system.mapsOf()).frame(truth.image()),
                set.labels().get(truth.label()),
                outlines);
        return new Shown(caption, Base64.getEncoder().encodeToString(jpeg));
    }
}
