package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.io.Reader;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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

    private final Map<String, List<TruthBox>> boxes;

    private GroundTruth(Map<String, List<TruthBox>> boxes) {
        this.boxes = boxes;
    }

    /** The service's own list must be whole: any line that cannot be used refuses it. */
    @Autowired
    GroundTruth(DatasetProperties properties) throws IOException {
        Parsed<GroundTruth> parsed = read(properties.boxList());
        if (!parsed.problems().isEmpty()) {
            throw new InvalidDatasetException(
                    "The box list cannot be used. " + parsed.problems().get(0));
        }
        boxes = parsed.content().boxes;
    }

    /**
     * Reads a list as released, plain or gzip.
     *
     * @return the boxes, without the lines that cannot be used, and these
     * @throws InvalidDatasetException if the file is empty or has another header
     */
    public static Parsed<GroundTruth> read(Resource list) throws IOException {
        try (Reader csv = DatasetFile.open(list)) {
            Parsed<Map<String, List<TruthBox>>> parsed = BoxListReader.read(DatasetFile.name(list), csv);
            return new Parsed<>(new GroundTruth(parsed.content()), parsed.problems());
        }
    }

    /** The boxes of an image, of all labels; empty if the list does not have the image. */
    public Optional<List<TruthBox>> of(String imageIndex) {
        return Optional.ofNullable(boxes.get(imageIndex));
    }

    /**
     * The boxes of an image, to compare others with.
     *
     * @param imageIndex null where the image is not known to be of the dataset
     * @return null if the list does not have the image
     */
    public @Nullable ImageTruth truth(@Nullable String imageIndex) {
        List<TruthBox> found = imageIndex == null ? null : boxes.get(imageIndex);
        if (imageIndex == null || found == null) {
            return null;
        }
        Map<String, List<Box>> byLabel = found.stream()
                .collect(
                        Collectors.groupingBy(TruthBox::label, Collectors.mapping(TruthBox::box, Collectors.toList())));
        return new ImageTruth(imageIndex, ChestXray14.IMAGE_SIDE, byLabel);
    }

    /** The images that have a box, in the order of the list. */
    public Set<String> images() {
        return Collections.unmodifiableSet(boxes.keySet());
    }
}
