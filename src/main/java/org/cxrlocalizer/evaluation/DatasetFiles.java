// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.dataset.DataEntries;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.ImageEntry;
import org.cxrlocalizer.dataset.LabelMap;
import org.cxrlocalizer.dataset.LineProblem;
import org.cxrlocalizer.dataset.Parsed;
import org.cxrlocalizer.dataset.SplitList;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/**
 * What the dataset's files hold that an evaluation needs.
 *
 * @param onlyImages empty for all
 * @param sha256 of each file, by what it is
 */
public record DatasetFiles(
        GroundTruth truth,
        Map<String, ImageEntry> entries,
        Set<String> onlyImages,
        Map<String, String> sha256,
        List<LineProblem> problems) {

    /** What a label map is called among the hashes. */
    static final String LABEL_MAP = "label map";

    /** What the list of true boxes is called among the hashes. */
    static final String BOXES = "boxes";

    /**
     * Reads the files of labels that have the same names in the model and the dataset.
     *
     * @param boxes a list of true boxes; null for the bundled copy of BBox_List_2017.csv
     * @param labels Data_Entry_2017.csv of either release, or null
     * @param split a list of the images to score, or null for all
     * @throws org.cxrlocalizer.dataset.InvalidDatasetException if a file is not what it should be
     */
    public static DatasetFiles read(@Nullable Resource boxes, @Nullable Resource labels, @Nullable Resource split)
            throws IOException {
        return read(boxes, labels, split, null);
    }

    /**
     * Reads the files.
     *
     * @param boxes a list of true boxes; null for the bundled copy of BBox_List_2017.csv
     * @param labels Data_Entry_2017.csv of either release, or null
     * @param split a list of the images to score, or null for all
     * @param labelMap which labels of the model and of the list mean the same, or null if those of the same name do
     * @throws org.cxrlocalizer.dataset.InvalidDatasetException if a file is not what it should be
     */
    public static DatasetFiles read(
            @Nullable Resource boxes, @Nullable Resource labels, @Nullable Resource split, @Nullable Resource labelMap)
            throws IOException {
        List<LineProblem> problems = new ArrayList<>();
        Map<String, String> sha256 = new TreeMap<>();
        Resource boxList = boxes == null ? new ClassPathResource("nih/BBox_List_2017.csv") : boxes;
        LabelMap map = LabelMap.NONE;
        if (labelMap != null) {
            map = LabelMap.read(labelMap);
            sha256.put(LABEL_MAP, DigestUtils.sha256Hex(labelMap.getContentAsByteArray()));
        }
        Parsed<GroundTruth> truth = GroundTruth.read(boxList, map);
        problems.addAll(truth.problems());
        sha256.put(BOXES, DigestUtils.sha256Hex(boxList.getContentAsByteArray()));
        Map<String, ImageEntry> entries = Map.of();
        if (labels != null) {
            sha256.put("labels", DigestUtils.sha256Hex(labels.getContentAsByteArray()));
            Parsed<List<ImageEntry>> parsed = DataEntries.read(labels);
            problems.addAll(parsed.problems());
            entries = parsed.content().stream().collect(Collectors.toMap(ImageEntry::imageIndex, Function.identity()));
        }
        Set<String> onlyImages = Set.of();
        if (split != null) {
            sha256.put("split", DigestUtils.sha256Hex(split.getContentAsByteArray()));
            Parsed<Set<String>> parsed = SplitList.read(split, truth.content().images());
            problems.addAll(parsed.problems());
            onlyImages = parsed.content();
        }
        return new DatasetFiles(truth.content(), entries, onlyImages, sha256, problems);
    }

    /** Returns the same, of which only some images are scored. */
    DatasetFiles ofImages(Set<String> images) {
        return new DatasetFiles(truth, entries, images, sha256, problems);
    }

    /** Returns the images of the split, or those of the box list without one. */
    Set<String> images() {
        return onlyImages.isEmpty() ? truth.images() : onlyImages;
    }

    /** Returns how many true boxes images have together. */
    long boxesOf(Set<String> images) {
        return images.stream()
                .mapToLong(image -> truth.of(image).map(List::size).orElse(0))
                .sum();
    }
}
