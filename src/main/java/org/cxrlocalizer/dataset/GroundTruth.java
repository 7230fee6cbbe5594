// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cxrlocalizer.comparison.ImageTruth;
import org.cxrlocalizer.geometry.Box;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/** The radiologists' boxes by image index, as {@code 00000032_037.png}. */
@Component
public class GroundTruth {

    private final Map<String, TruthImage> images;
    private final CocoNames names;
    private final LabelMap map;

    /** Letters of a label to the label, in the order of the list. */
    private final Map<String, String> labels;

    GroundTruth(Map<String, TruthImage> images, CocoNames names, LabelMap map) {
        this.images = images;
        this.names = names;
        this.map = map;
        labels = new LinkedHashMap<>();
        images.values().stream()
                .flatMap(image -> image.boxes().stream())
                .forEach(box -> labels.putIfAbsent(LabelMap.letters(box.label()), box.label()));
    }

    private GroundTruth(GroundTruth other) {
        images = other.images;
        names = other.names;
        map = other.map;
        labels = other.labels;
    }

    /** The service's own list must be whole: any line that cannot be used refuses it. */
    @Autowired
    GroundTruth(DatasetProperties properties) throws IOException {
        this(whole(properties));
    }

    private static GroundTruth whole(DatasetProperties properties) throws IOException {
        FileSetting.requireReadable("dataset.box-list", properties.boxList());
        Parsed<GroundTruth> parsed = read(properties.boxList().resource());
        if (!parsed.problems().isEmpty()) {
            throw new InvalidDatasetException(
                    "The box list cannot be used. " + parsed.problems().get(0));
        }
        return parsed.content();
    }

    /**
     * Reads a list as released, another table with its columns, a COCO file, or a published list of VinDr-CXR, the RSNA Pneumonia
     * Detection Challenge, MS-CXR or CheXlocalize, plain or gzip.
     *
     * @return the boxes, without the lines that cannot be used, and these
     * @throws InvalidDatasetException if the file is damaged, lacks a column, or has no line that can be used
     */
    public static Parsed<GroundTruth> read(Resource list) throws IOException {
        return read(list, LabelMap.NONE);
    }

    /**
     * Reads a list whose labels have other names than a model's.
     *
     * @return the boxes under the labels that they are scored as, and the lines that cannot be used
     * @throws InvalidDatasetException if the file is damaged, lacks a column, or has no line that can be used
     */
    public static Parsed<GroundTruth> read(Resource list, LabelMap map) throws IOException {
        return BoxListReader.read(list, map);
    }

    /** The images and categories of a COCO file by their numbers. */
    CocoNames names() {
        return names;
    }

    /** Returns the labels, those of ChestX-ray14 first in its order, the others as the list has them. */
    public List<String> labels() {
        List<String> all = new ArrayList<>(ChestXray14.LABELS);
        labels.values().stream().filter(label -> !all.contains(label)).forEach(all::add);
        return all;
    }

    /** Returns the label that a label of a model is scored as. */
    public String scored(String modelLabel) {
        String letters = LabelMap.letters(modelLabel);
        String mapped = map.ofModel().get(letters);
        if (mapped != null) {
            return mapped;
        }
        String canonical = LabelMap.canonical(modelLabel);
        return Objects.requireNonNull(labels.getOrDefault(LabelMap.letters(canonical), canonical));
    }

    /** @throws IllegalArgumentException if no box of the label could be scored */
    String predicted(String text) {
        String label = scored(text);
        if (!labels.containsValue(label) && !ChestXray14.LABELS.contains(label)) {
            throw new IllegalArgumentException("'%s' is not a label of the dataset".formatted(text));
        }
        return label;
    }

    /** The boxes of an image, of all labels; empty if the list does not have the image. */
    public Optional<List<TruthBox>> of(String imageIndex) {
        return Optional.ofNullable(images.get(imageIndex)).map(TruthImage::boxes);
    }

    /** Returns the mask of a label on an image; null where the list has none. */
    public @Nullable PixelMask mask(String imageIndex, String label) {
        TruthImage image = images.get(imageIndex);
        return image == null ? null : image.masks().get(label);
    }

    /** Returns the pixels within the outline that a box of an image was drawn around; null where the list has none. */
    public @Nullable PixelMask outline(String imageIndex, TruthBox box) {
        TruthImage image = images.get(imageIndex);
        return image == null ? null : image.outlines().get(box);
    }

    /** Returns the size of the image that the boxes refer to; null where it is not known. */
    public @Nullable ImageSize size(String imageIndex) {
        TruthImage image = images.get(imageIndex);
        if (image != null && image.size() != null) {
            return image.size();
        }
        return ChestXray14.isImageIndex(imageIndex) ? ImageSize.RELEASED : null;
    }

    /** Returns the patient of an image: as the list states it, or as the image's name does. */
    public String patientOf(String imageIndex) {
        TruthImage image = images.get(imageIndex);
        return image == null || image.patient() == null ? ChestXray14.patientOf(imageIndex) : image.patient();
    }

    /**
     * The boxes of an image, to compare others with.
     *
     * @param imageIndex null where the image is not known to be of the dataset
     * @return null if the list does not have the image, or not the size that its boxes refer to
     */
    public @Nullable ImageTruth truth(@Nullable String imageIndex) {
        TruthImage found = imageIndex == null ? null : images.get(imageIndex);
        ImageSize size = imageIndex == null ? null : size(imageIndex);
        if (imageIndex == null || found == null || size == null) {
            return null;
        }
        Map<String, List<Box>> byLabel = found.boxes().stream()
                .collect(
                        Collectors.groupingBy(TruthBox::label, Collectors.mapping(TruthBox::box, Collectors.toList())));
        return new ImageTruth(imageIndex, size.width(), size.height(), byLabel);
    }

    /** The images of the list, in its order: those that have a box and those that are listed without any. */
    public Set<String> images() {
        return Collections.unmodifiableSet(images.keySet());
    }
}
