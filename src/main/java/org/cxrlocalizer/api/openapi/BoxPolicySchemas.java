// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BooleanSchema;
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
 * The schemas of box policies. They are written out, because a policy is a choice by its {@code type}, which
 * generated descriptions of sealed types get only half right.
 */
final class BoxPolicySchemas {

    private static final String REFERENCE = "#/components/schemas/";

    /** What is generated of the sealed types. */
    private static final List<String> GENERATED = List.of(
            "Absolute",
            "Calibrated",
            "ExpectedIou",
            "FractionOfMaximum",
            "Otsu",
            "Percentile",
            "WangLevels",
            "MapPolicy",
            "Threshold",
            "None",
            "NonMaximumSuppression",
            "Union");

    private BoxPolicySchemas() {}

    static void addTo(Components components) {
        GENERATED.forEach(components.getSchemas()::remove);
        addChoice("BoxPolicy", "How boxes are cut from a class activation map.", policies(), components);
        addChoice("Merge", "What is done with boxes that overlap.", merges(), components);
        components.addSchemas("Selection", selection());
    }

    private static Map<String, Schema<?>> policies() {
        Map<String, Schema<?>> policies = new LinkedHashMap<>();
        policies.put(
                "fraction",
                required(selecting("FractionPolicy", "A fraction of the map's maximum."), "fraction", positive(1.0)));
        policies.put(
                "wang",
                selecting("WangPolicy", "Grey levels of the map scaled to 0 … 255 (Wang et al. 2017).")
                        .addProperty(
                                "greyLevels",
                                new ArraySchema()
                                        .items(positive(255.0))
                                        .minItems(1)
                                        .maxItems(16)
                                        .description("60 and 180 where none are given.")));
        policies.put(
                "percentile",
                required(
                        selecting("PercentilePolicy", "A percentile of the map's grid values."),
                        "percentile",
                        number("Interpolated between ranks.", 0.0, 100.0)));
        policies.put("otsu", selecting("OtsuPolicy", "The level of Otsu (1979) of the map's grid values."));
        policies.put(
                "absolute",
                required(
                        selecting("AbsolutePolicy", "A level in the map's unit."),
                        "level",
                        number("Any finite number.", null, null)));
        policies.put(
                "expected-iou",
                selecting(
                        "ExpectedIouPolicy",
                        "The rectangle of grid cells with the greatest expected IoU, of a map in the unit 'probability';"
                                + " further ones if what remains outside it has one that is as good."));
        policies.put(
                "calibrated",
                new ObjectSchema()
                        .name("CalibratedPolicy")
                        .description("The policy that the model's manifest gives for each label."));
        return policies;
    }

    private static Map<String, Schema<?>> merges() {
        Map<String, Schema<?>> merges = new LinkedHashMap<>();
        merges.put("none", new ObjectSchema().name("NoMerge").description("Every box stays."));
        merges.put(
                "nms",
                required(
                        new ObjectSchema()
                                .name("NonMaximumSuppression")
                                .description("A box goes if its IoU with a better one is above the threshold."),
                        "iou",
                        number("The threshold.", 0.0, 1.0)));
        merges.put("union", new ObjectSchema().name("UnionMerge").description("Boxes that overlap become one."));
        return merges;
    }

    private static Schema<?> selection() {
        return new ObjectSchema()
                .additionalProperties(false)
                .description("What is kept of the boxes found.")
                .addProperty("minimumArea", number("Fraction of the image's area; 0 by default.", 0.0, 1.0))
                .addProperty(
                        "maximumArea",
                        positive(1.0).description("Largest box, as a fraction of the image's area; 1 by default."))
                .addProperty(
                        "minimumAspect",
                        number("Least shorter side, as a fraction of the longer side; 0 by default.", 0.0, 1.0))
                .addProperty(
                        "dropNested",
                        new BooleanSchema()
                                .description(
                                        "Whether boxes go of which more than 0.9 lies in a larger kept box; false by"
                                                + " default."))
                .addProperty(
                        "maximumBoxes",
                        new IntegerSchema()
                                .minimum(BigDecimal.ONE)
                                .maximum(BigDecimal.valueOf(1000))
                                .description("Most boxes of a label; 10 by default."))
                .addProperty("merge", new Schema<>().$ref(REFERENCE + "Merge"));
    }

    private static Schema<?> required(Schema<?> schema, String name, Schema<?> value) {
        return schema.addProperty(name, value).addRequiredItem(name);
    }

    private static Schema<?> selecting(String name, String description) {
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

    private static Schema<?> positive(double maximum) {
        Schema<?> schema =
                new NumberSchema().format("double").description("Above 0.").maximum(BigDecimal.valueOf(maximum));
        schema.setExclusiveMinimumValue(BigDecimal.ZERO);
        return schema;
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
            schema.setAdditionalProperties(false);
            schema.addRequiredItem("type");
            String reference = REFERENCE + schema.getName();
            discriminator.mapping(type, reference);
            choiceSchema.addOneOfItem(new Schema<>().$ref(reference));
            components.addSchemas(schema.getName(), schema);
        });
        components.addSchemas(choice, choiceSchema);
    }
}
