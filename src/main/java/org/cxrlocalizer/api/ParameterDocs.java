// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.Explode;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/** Descriptions of the parameters that several operations take, for the OpenAPI document. */
final class ParameterDocs {

    private ParameterDocs() {}

    /** The name of an image in the dataset. */
    @Target({ElementType.FIELD, ElementType.PARAMETER})
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(example = "00000032_037.png", schema = @Schema(pattern = "^" + ImageIndex.PATTERN + "$"))
    @interface ImageName {

        @AliasFor(annotation = Parameter.class, attribute = "description")
        String value();
    }

    /** A list of labels; commas separate them. */
    @Target(ElementType.FIELD)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(explode = Explode.FALSE, array = @ArraySchema(schema = @Schema(type = "string", pattern = "^[^,]+$")))
    @interface Labels {

        @AliasFor(annotation = Parameter.class, attribute = "description")
        String value() default "Labels to find, separated by commas; all of the model's where none is given.";
    }

    /** One of the served models. */
    @Target(ElementType.FIELD)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(
            description = "Name of a served model; the default one where none is given.",
            schema = @Schema(type = "string", minLength = 1))
    @interface Model {}

    /** A class activation method. */
    @Target(ElementType.FIELD)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(
            description = "Class activation method; the model's default where none is given.",
            example = "cam",
            schema = @Schema(type = "string", minLength = 1))
    @interface Method {}

    /** A box policy. */
    @Target(ElementType.FIELD)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(
            description =
                    "Box policy, a BoxPolicy object in JSON, as {\"type\":\"fraction\",\"fraction\":0.5}; the model's"
                            + " default where none is given.",
            schema = @Schema(type = "string", minLength = 1, contentMediaType = "application/json"))
    @interface Policy {}

    /** The probability below which a finding has no boxes. */
    @Target(ElementType.FIELD)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(
            description = "Findings of a lower probability get no boxes.",
            schema = @Schema(type = "number", minimum = "0", maximum = "1", defaultValue = "0"))
    @interface MinProbability {}

    /** The name of an operating point. */
    @Target(ElementType.FIELD)
    @Retention(RetentionPolicy.RUNTIME)
    @Parameter(
            description =
                    "The cut-offs from which findings are positive, of a model that has operating points: 'sensitive'"
                            + " (a sensitivity of 0.9), 'balanced' (the largest sum of sensitivity and specificity) or"
                            + " 'specific' (a specificity of 0.9). Where none is given, the model's plain cut-offs, and"
                            + " 'balanced' of a model that has only operating points.",
            schema =
                    @Schema(
                            type = "string",
                            allowableValues = {"sensitive", "balanced", "specific"}))
    @interface OperatingPoint {}
}
