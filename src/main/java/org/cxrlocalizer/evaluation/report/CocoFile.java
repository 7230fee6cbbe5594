package org.cxrlocalizer.evaluation.report;

import java.io.Writer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ScoredBox;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The boxes of a system in COCO's detection format: images and categories numbered from 1, {@code bbox} as x, y, width, height.
 * It is written as it comes: the whole dataset has millions of boxes.
 */
final class CocoFile {

    private static final ObjectWriter JSON = JsonMapper.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build()
            .writerWithDefaultPrettyPrinter();

    private final String system;
    private final List<ImagePrediction> used;
    private final List<String> labels;

    CocoFile(String system, List<ImagePrediction> predictions) {
        this.system = system;
        used = predictions.stream()
                .filter(prediction -> prediction.frame() != null)
                .toList();
        Set<String> found = new LinkedHashSet<>(ChestXray14.LABELS);
        used.forEach(prediction -> found.addAll(boxes(prediction).keySet()));
        labels = List.copyOf(found);
    }

    private Map<String, List<ScoredBox>> boxes(ImagePrediction prediction) {
        return prediction.boxes().getOrDefault(system, Map.of());
    }

    private record Image(int id, String file_name, int width, int height) {}

    private record Category(int id, String name) {}

    private record Annotation(
            int id, int image_id, int category_id, List<Double> bbox, double area, int iscrowd, double score) {}

    void write(Writer out) {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("images");
            for (int i = 0; i < used.size(); i++) {
                ImageFrame frame = used.get(i).frame();
                if (frame != null) {
                    json.writePOJO(new Image(i + 1, used.get(i).image(), frame.imageWidth(), frame.imageHeight()));
                }
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("categories");
            for (int i = 0; i < labels.size(); i++) {
                json.writePOJO(new Category(i + 1, labels.get(i)));
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("annotations");
            int written = 0;
            for (int i = 0; i < used.size(); i++) {
                for (Map.Entry<String, List<ScoredBox>> found :
                        boxes(used.get(i)).entrySet()) {
                    for (ScoredBox scored : found.getValue()) {
                        json.writePOJO(annotation(++written, i + 1, labels.indexOf(found.getKey()) + 1, scored));
                    }
                }
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static Annotation annotation(int id, int image, int category, ScoredBox scored) {
        Box box = scored.box();
        return new Annotation(
                id,
                image,
                category,
                List.of(box.x(), box.y(), box.width(), box.height()),
                box.area(),
                0,
                scored.score());
    }
}
