// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.json;

import java.math.BigDecimal;
import java.util.stream.Stream;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/** Configures strict JSON parsing. */
public final class StrictJson {

    private StrictJson() {}

    /**
     * Makes a mapper refuse what has no single meaning. That is a property that occurs twice or is unknown, and a number as a
     * string (or the reverse). It is also a fraction where an integer is needed, a number that is missing, and text behind the
     * end.
     */
    public static JsonMapper.Builder of(JsonMapper.Builder mapper) {
        Stream.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)
                .forEach(shape -> mapper.withCoercionConfig(
                        LogicalType.Textual, it -> it.setCoercion(shape, CoercionAction.Fail)));
        return mapper.addModule(new SimpleModule("whole numbers")
                        .addDeserializer(Integer.class, new WholeNumbers<>(Integer.class, BigDecimal::intValueExact))
                        .addDeserializer(Long.class, new WholeNumbers<>(Long.class, BigDecimal::longValueExact)))
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }
}
