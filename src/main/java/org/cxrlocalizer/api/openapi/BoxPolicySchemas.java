package org.cxrlocalizer.api.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of box policies. They are written out, because a policy is a choice told apart by its {@code type}, which
 * generated descriptions of sealed types get only half right.
 */
final class BoxPolicySchemas {

    private static final String REFERENCE = "#/components/schemas/";

    private BoxPolicySchemas() {}

    static void addTo(Components components) {
        for (String generated : List.of(
                "Absolute",
                "Calibrated",
                "FractionOfMaximum",
                "Otsu",
                "Percentile",
                "WangLevels",
                "Threshold",
                "None",
                "NonMaximumSuppression",
                "Union")) {
            components.getSchemas().remove(generated);
        }
        Map<String, Schema<?>> policies = new LinkedHashMap<>();
        policies.put(
                "fraction",
                threshold("FractionPolicy", "A fraction of the map's maximum.")
                        .addProperty("fraction", number("Above 0.", null, 1.0)));
        policies.put(
                "wang",
                threshold("WangPolicy", "Grey levels of the map scaled to 0 … 255 (Wang et al. 2017).")
                        .addProperty(
                                "greyLevels",
                                new ArraySchema()
                                        .items(number("Above 0.", null, 255.0))
                                        .minItems(1)
                                        .maxItems(16)
                                        .description("60 and 180 where none are given.")));
        policies.put(
                "percentile",
                threshold("PercentilePolicy", "A percentile of the map's grid values.")
                        .addProperty("percentile", number("Interpolated between ranks.", 0.0, 100.0)));
        policies.put("otsu", threshold("OtsuPolicy", "The level of Otsu (1979) of the map's grid values."));
        policies.put(
                "absolute",
                threshold("AbsolutePolicy", "A level in logit units.")
                        .addProperty("level", number("Any finite number.", null, null)));
        policies.put(
                "calibrated",
                new ObjectSchema()
                        .name("CalibratedPolicy")
                        .description("The policy that the model's manifest gives for each label."));
        policies.get("fraction").addRequiredItem("fraction");
        policies.get("percentile").addRequiredItem("percentile");
        policies.get("absolute").addRequiredItem("level");
        addChoice("BoxPolicy", "How boxes are cut from a class activation map.", policies, components);

        Map<String, Schema<?>> merges = new LinkedHashMap<>();
        merges.put("none", new ObjectSchema().name("NoMerge").description("Every box stays."));
        merges.put(
                "nms",
                new ObjectSchema()
                        .name("NonMaximumSuppression")
                        .description("A box goes if its IoU with a better one is above the threshold.")
                        .addProperty("iou", number("The threshold.", 0.0, 1.0)));
        merges.get("nms").addRequiredItem("iou");
        merges.put("union", new ObjectSchema().name("UnionMerge").description("Boxes that overlap become one."));
        addChoice("Merge", "What is done with boxes that overlap.", merges, components);

        components.addSchemas(
                "Selection",
                new ObjectSchema()
                        .description("What is kept of the regions found.")
                        .addProperty("minimumArea", number("Fraction of the image's area; 0 by default.", 0.0, 1.0))
                        .addProperty(
                                "maximumBoxes",
                                new IntegerSchema()
                                        .minimum(BigDecimal.ONE)
                                        .maximum(BigDecimal.valueOf(1000))
                                        .description("Most boxes of a label; 10 by default."))
                        .addProperty("merge", new Schema<>().$ref(REFERENCE + "Merge")));
    }

    private static Schema<?> threshold(String name, String description) {
        return new ObjectSchema()
                .name(name)
                .description(description)
                .addProperty("selection", new Schema<>().$ref(REFERENCE + "Selection"));
    }

    private static Schema<?> number(String description, @Nullable Double minimum, @Nullable Double maximum) {
        return new NumberSchema()
                .format("double")
                .description(description)
                .minimum(minimum == null ? null : BigDecimal.valueOf(minimum))
                .maximum(maximum == null ? null : BigDecimal.valueOf(maximum));
    }

    /** Adds each case under its name, with its {@code type}, and the choice of them all. */
    private static void addChoice(
            String choice, String description, Map<String, Schema<?>> cases, Components components) {
        Discriminator discriminator = new Discriminator().propertyName("type");
        Schema<?> choiceSchema = new Schema<>().description(description).discriminator(discriminator);
        cases.forEach((type, schema) -> {
            StringSchema tag = new StringSchema();
            tag.setEnum(List.of(type));
            schema.addProperty("type", tag);
            schema.addRequiredItem("type");
            String reference = REFERENCE + schema.getName();
            discriminator.mapping(type, reference);
            choiceSchema.addOneOfItem(new Schema<>().$ref(reference));
            components.addSchemas(schema.getName(), schema);
        });
        components.addSchemas(choice, choiceSchema);
    }
}
