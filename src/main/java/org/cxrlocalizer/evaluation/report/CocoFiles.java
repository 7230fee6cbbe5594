// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.dataset.PixelMask;
import org.cxrlocalizer.dataset.TruthBox;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ScoredBox;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The scored images in COCO's detection format: the true boxes as a data set, and the boxes of a system as results that refer to
 * it. Images, categories and annotations are numbered from 1, because 0 means "none" to COCOeval. Both files are written as
 * they come: the whole dataset has millions of boxes.
 */
final class CocoFiles {

    private static final ObjectWriter JSON = JsonMapper.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build()
            .writer();

    private final List<ImagePrediction> used;
    private final GroundTruth truth;
    private final Map<String, Integer> categories = new LinkedHashMap<>();

    /** @param predictions of all images; those that failed are left out */
    CocoFiles(List<ImagePrediction> predictions, GroundTruth truth) {
        this.truth = truth;
        used = predictions.stream()
                .filter(prediction -> prediction.failure() == null)
                .toList();
        Set<String> labels = new LinkedHashSet<>(truth.labels());
        used.forEach(prediction -> prediction.boxes().values().forEach(found -> labels.addAll(found.keySet())));
        labels.forEach(label -> categories.put(label, categories.size() + 1));
    }

    private List<TruthBox> boxes(ImagePrediction prediction) {
        return truth.of(prediction.image()).orElse(List.of());
    }

    private record Info(String description) {}

    /** The size is absent where nothing states it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Image(
            int id,
            String file_name,
            @Nullable Integer width,
            @Nullable Integer height) {}

    private record Category(int id, String name) {}

    /**
     * A true box.
     *
     * @param area pixels of the mask; of the box where there is none
     * @param segmentation absent where the truth has a box alone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Annotation(
            int id,
            int image_id,
            int category_id,
            List<Double> bbox,
            double area,
            int iscrowd,
            @Nullable Segmentation segmentation) {}

    /**
     * A mask.
     *
     * @param size height and width
     * @param counts run lengths, as text
     */
    private record Segmentation(List<Integer> size, String counts) {

        static Segmentation of(PixelMask mask) {
            return new Segmentation(List.of(mask.size().height(), mask.size().width()), mask.runLengths());
        }
    }

    private record Result(int image_id, int category_id, List<Double> bbox, double score) {}

    /** Writes the images, the categories, and the true boxes as annotations, with the masks that they were drawn around. */
    void writeTruth(Writer out) {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writePOJOProperty("info", new Info("The true boxes of the images that were scored"));
            json.writeArrayPropertyStart("licenses");
            json.writeEndArray();
            json.writeArrayPropertyStart("images");
            for (int i = 0; i < used.size(); i++) {
                line(json, image(i + 1, used.get(i)));
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("categories");
            categories.forEach((label, id) -> line(json, new Category(id, label)));
            json.writeEndArray();
            json.writeArrayPropertyStart("annotations");
            int written = 0;
            for (int i = 0; i < used.size(); i++) {
                for (TruthBox drawn : boxes(used.get(i))) {
                    line(json, annotation(++written, i, drawn));
                }
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private Annotation annotation(int id, int image, TruthBox drawn) {
        PixelMask mask = truth.outline(used.get(image).image(), drawn);
        return new Annotation(
                id,
                image + 1,
                category(drawn.label()),
                bbox(drawn.box()),
                mask == null ? drawn.box().area() : mask.count(),
                0,
                mask == null ? null : Segmentation.of(mask));
    }

    private Image image(int id, ImagePrediction prediction) {
        ImageFrame frame = prediction.frame();
        if (frame != null) {
            return new Image(id, prediction.image(), frame.imageWidth(), frame.imageHeight());
        }
        ImageSize size = truth.size(prediction.image());
        return size == null
                ? new Image(id, prediction.image(), null, null)
                : new Image(id, prediction.image(), size.width(), size.height());
    }

    /** Writes the boxes of a system, which refer to the images and categories of the truth. */
    void writeResults(String system, Writer out) {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartArray();
            for (int i = 0; i < used.size(); i++) {
                int image = i + 1;
                used.get(i).boxes().getOrDefault(system, Map.of()).forEach((label, found) -> {
                    for (ScoredBox scored : found) {
                        line(json, new Result(image, category(label), bbox(scored.box()), scored.score()));
                    }
                });
            }
            json.writeEndArray();
            json.writeRaw('\n');
        }
    }

    private int category(String label) {
        return categories.getOrDefault(label, 0);
    }

    /** One element a line, so that a file can be looked at. */
    private static void line(JsonGenerator json, Object element) {
        json.writeRaw('\n');
        json.writePOJO(element);
    }

    private static List<Double> bbox(Box box) {
        return List.of(box.x(), box.y(), box.width(), box.height());
    }
}
