package org.cxrlocalizer.evaluation.report;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.cxrlocalizer.comparison.Comparison;
import org.cxrlocalizer.drawing.ComparisonOutlines;
import org.cxrlocalizer.evaluation.metrics.TruthSet;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.evaluation.scoring.PredictedBoxes;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The best, the median and the worst case of each label. */
final class Gallery {

    private static final Logger LOG = LoggerFactory.getLogger(Gallery.class);

    /** From which IoU on a box is drawn as a correct one. */
    static final double CORRECT = 0.3;

    /**
     * One case.
     *
     * @param jpeg the picture in base64; empty where there is none
     * @param note why there is no picture; empty where there is one
     */
    record Shown(String caption, String jpeg, String note) {

        boolean hasPicture() {
            return !jpeg.isEmpty();
        }
    }

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

    /** Draws the cases. What cannot be drawn costs its picture alone: the case says why. */
    List<OfLabel> paint(CasePainter painter) {
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

    private Shown paint(Case one, CasePainter painter) {
        TruthSet.Truth truth = one.truth();
        String image = set.images().get(truth.image()).name();
        String caption = String.format(Locale.ROOT, "%s, IoU %.2f", image, one.iou());
        try {
            return new Shown(caption, Base64.getEncoder().encodeToString(jpeg(truth, image, painter)), "");
        } catch (NoPictureException e) {
            LOG.warn("The report has no picture of {}: {}", image, e.getMessage());
            return new Shown(caption, "", "There is no picture: %s.".formatted(e.getMessage()));
        }
    }

    private byte[] jpeg(TruthSet.Truth truth, String image, CasePainter painter) throws NoPictureException {
        ClassActivationMap map = boxes.maps(set, system.mapsOf()).of(truth.image(), truth.label());
        String sha256 = boxes.sha256(image);
        if (map == null || sha256 == null) {
            throw new NoPictureException("the predictions have no map of this label");
        }
        List<ScoredBox> found = found(truth);
        return painter.paint(
                image,
                sha256,
                map,
                boxes.maps(set, system.mapsOf()).frame(truth.image()),
                set.labels().get(truth.label()),
                ComparisonOutlines.of(
                        found,
                        Comparison.all(
                                found.stream().map(ScoredBox::box).toList(), set.boxes(truth.image(), truth.label())),
                        CORRECT));
    }
}
