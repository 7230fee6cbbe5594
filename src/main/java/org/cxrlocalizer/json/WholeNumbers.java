// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.json;

import java.math.BigDecimal;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** Reads an integer that may be written with zeros behind a point, which JSON Schema takes for one too. */
final class WholeNumbers<T> extends StdDeserializer<T> {

    private final transient Function<BigDecimal, T> exact;

    WholeNumbers(Class<T> type, Function<BigDecimal, T> exact) {
        super(type);
        this.exact = exact;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T deserialize(JsonParser parser, DeserializationContext context) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
            try {
                return exact.apply(parser.getDecimalValue());
            } catch (ArithmeticException e) {
                // a fraction, or too large
            }
        }
        return (T) context.handleUnexpectedToken(getValueType(context), parser);
    }
}
