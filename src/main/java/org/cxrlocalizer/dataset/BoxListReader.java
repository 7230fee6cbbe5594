// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cxrlocalizer.geometry.Box;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

/**
 * Reads {@code BBox_List_2017.csv} as it was released: a header that splits "Bbox [x,y,w,h]" over four columns, three
 * empty trailing columns, and "Infiltrate" for Infiltration. Tables of the same content, COCO's format and the published lists of
 * other datasets are read, too.
 */
final class BoxListReader {

    /** How far a box may reach beyond an image of a stated size: lists round. */
    private static final double ROUNDING = 1e-6;

    private final String file;
    private final LabelMap map;
    private final List<LineProblem> problems = new ArrayList<>();
    private final Map<String, List<TruthBox>> boxes = new LinkedHashMap<>();
    private final MaskCollector masks = new MaskCollector();
    private final Map<String, ImageSize> sizes = new HashMap<>();
    private final Map<String, String> patients = new HashMap<>();
    private final Map<String, String> spellings = new HashMap<>();
    private final Map<String, Integer> unmapped = new TreeMap<>();

    private BoxListReader(String file, LabelMap map) {
        this.file = file;
        this.map = map;
    }

    /**
     * Returns the boxes by image, in the order of the file. A line that cannot be read, repeats another, or has a box that
     * leaves the image is left out and reported. A box whose mask cannot be used counts, and the mask is reported. Images of a COCO file without a box have none.
     *
     * @param map names the labels that are scored; without any, all are
     * @throws InvalidDatasetException if the file is damaged, lacks a column, or has no line that can be used
     */
    static Parsed<GroundTruth> read(Resource resource, LabelMap map) throws IOException {
        String file = DatasetFile.name(resource);
        CocoNames names = CocoNames.read(resource);
        BoxListReader reader = new BoxListReader(file, map);
        List<LineProblem> problems = reader.problems;
        new BoxLines(file, reader::label, false, reader::image, reader::add, problems::add)
                .read(resource, Long.MAX_VALUE, names);
        if (!map.isNone() && reader.boxes.values().stream().allMatch(List::isEmpty)) {
            throw new InvalidDatasetException(
                    "The label map names no label of %s, which has %s.".formatted(file, reader.unmapped.keySet()));
        }
        reader.unmapped.forEach((label, count) -> problems.add(new LineProblem(
                file, 1, "%d boxes of '%s' are not scored: the label map does not name it".formatted(count, label))));
        Map<String, TruthImage> images = new LinkedHashMap<>();
        reader.boxes.forEach((image, list) -> images.put(
                image,
                new TruthImage(
                        List.copyOf(list),
                        reader.masks.of(image),
                        reader.masks.outlines(image),
                        reader.size(image),
                        reader.patients.get(image))));
        return new Parsed<>(new GroundTruth(images, names, map), problems);
    }

    /** An image of ChestX-ray14 has the dataset's labels, so that a misspelt one is found. */
    private String label(String imageIndex, String text) {
        if (!map.isNone()) {
            return map.ofTruth().getOrDefault(LabelMap.letters(text), text.strip());
        }
        String label = LabelMap.canonical(text);
        if (label.isEmpty()) {
            throw new IllegalArgumentException("the label is blank");
        }
        if (ChestXray14.isImageIndex(imageIndex) && !ChestXray14.LABELS.contains(label)) {
            throw new IllegalArgumentException("'%s' is not a label of the dataset".formatted(text));
        }
        return spellings.computeIfAbsent(LabelMap.letters(label), letters -> label);
    }

    private void image(ListedImage image) {
        boxes.computeIfAbsent(image.imageIndex(), index -> new ArrayList<>());
        if (image.size() != null) {
            sizes.put(image.imageIndex(), image.size());
        }
        if (image.patient() != null) {
            patients.put(image.imageIndex(), image.patient());
        }
    }

    private @Nullable ImageSize size(String image) {
        ImageSize stated = sizes.get(image);
        return stated == null && ChestXray14.isImageIndex(image) ? ImageSize.RELEASED : stated;
    }

    private void add(ListedBox listed) {
        Box box = listed.box();
        ImageSize size = size(listed.imageIndex());
        if (box.x() < -ROUNDING || box.y() < -ROUNDING) {
            throw new IllegalArgumentException("the box leaves the image at its top or left");
        }
        if (size != null && (box.right() > size.width() + ROUNDING || box.bottom() > size.height() + ROUNDING)) {
            throw new IllegalArgumentException("the box leaves the image of %s pixels".formatted(size));
        }
        List<TruthBox> ofImage = boxes.computeIfAbsent(listed.imageIndex(), image -> new ArrayList<>());
        if (!map.isNone() && !map.ofTruth().containsValue(listed.label())) {
            unmapped.merge(listed.label(), 1, Integer::sum);
            return;
        }
        TruthBox truth = new TruthBox(listed.label(), box);
        if (ofImage.contains(truth)) {
            throw new IllegalArgumentException("the box is listed twice");
        }
        ofImage.add(truth);
        try {
            masks.add(listed, size);
        } catch (IllegalArgumentException e) {
            addOnce(new LineProblem(
                    file, listed.line(), "the box counts, and its mask does not: %s".formatted(e.getMessage())));
        }
    }

    /** The parts of one mask have the same problem. */
    private void addOnce(LineProblem problem) {
        if (problems.isEmpty() || !problems.get(problems.size() - 1).equals(problem)) {
            problems.add(problem);
        }
    }
}
