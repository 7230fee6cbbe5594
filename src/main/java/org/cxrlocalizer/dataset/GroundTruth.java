package org.cxrlocalizer.dataset;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The radiologists' boxes by image index, as {@code 00000032_037.png}. */
@Component
public class GroundTruth {

    private final Map<String, List<TruthBox>> boxes;

    GroundTruth(DatasetProperties properties) throws IOException {
        try (Reader csv = new InputStreamReader(properties.boxList().getInputStream(), StandardCharsets.UTF_8)) {
            boxes = BoxListReader.read(csv);
        }
    }

    /** The boxes of an image, of all labels; empty if the list does not have the image. */
    public Optional<List<TruthBox>> of(String imageIndex) {
        return Optional.ofNullable(boxes.get(imageIndex));
    }
}
