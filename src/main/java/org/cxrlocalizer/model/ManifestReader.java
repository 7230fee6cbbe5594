// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.InjectableValues;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads {@code model.yaml}, and checks it by the constraints of {@link ModelManifest} and by {@link ManifestRules}. */
public final class ManifestReader {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .changeDefaultNullHandling(nulls -> JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .build();

    /** The messages need no expression language. */
    private static final Validator VALIDATOR = Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();

    private ManifestReader() {}

    /**
     * Parses a manifest; its own hash is not checked.
     *
     * @param title what messages call the model
     * @throws ModelRefusedException with each key that is missing or out of range
     */
    public static ModelManifest parse(String title, byte[] yaml) {
        ModelManifest manifest;
        try {
            manifest = YAML.readerFor(ModelManifest.class)
                    .with(new InjectableValues.Std()
                            .addValue(ModelManifest.PACKAGE_SHA256, DigestUtils.sha256Hex(yaml)))
                    .readValue(yaml);
        } catch (UnrecognizedPropertyException e) {
            throw new ModelRefusedException(
                    title,
                    "model.yaml: '%s' is not a key; there are %s"
                            .formatted(
                                    key(e),
                                    e.getKnownPropertyIds().stream()
                                            .map(String::valueOf)
                                            .sorted()
                                            .collect(Collectors.joining(", "))),
                    e);
        } catch (JacksonException e) {
            throw new ModelRefusedException(title, "model.yaml: " + e.getOriginalMessage(), e);
        }
        String wrong = Stream.concat(
                        VALIDATOR.validate(manifest).stream().map(ManifestReader::reason),
                        ManifestRules.broken(manifest).stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining("; "));
        if (!wrong.isEmpty()) {
            throw new ModelRefusedException(title, "model.yaml: " + wrong);
        }
        return manifest;
    }

    /** The path of the key, without positions in lists. */
    private static String key(JacksonException failure) {
        return failure.getPath().stream()
                .map(JacksonException.Reference::getPropertyName)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("."));
    }

    /** What concerns several keys names them itself. */
    private static String reason(ConstraintViolation<ModelManifest> violation) {
        String message = violation.getMessage();
        String key = violation.getPropertyPath().toString().replaceAll("\\[[^]]*]|\\.?<[^>]*>", "");
        return message.startsWith("'") ? message : "'%s' %s".formatted(key, message);
    }
}
