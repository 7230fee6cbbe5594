// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.json;

import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** What is wrong with JSON, in words that name the property and no Java class. */
public final class JsonFault {

    /** Most characters of the input that a message repeats. */
    private static final int LONGEST = 60;

    /** How Jackson quotes what it cannot read. */
    private static final Pattern TOKEN = Pattern.compile("(?:Unrecognized|Non-standard) token '([^']*)'");

    private JsonFault() {}

    /** Returns a sentence, without the period, of at most some 300 characters. */
    public static String describe(JacksonException e) {
        String path = path(e);
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "there is no property %s%s"
                    .formatted(path, known(unknown.getPropertyName(), unknown.getKnownPropertyIds()));
        }
        if (e instanceof InvalidTypeIdException type) {
            return type.getTypeId() == null
                    ? "%s has no property 'type'".formatted(path)
                    : "the 'type' of %s is unknown: '%s'".formatted(path, shorten(type.getTypeId()));
        }
        if (e instanceof ValueInstantiationException
                && e.getCause() != null
                && e.getCause().getMessage() != null) {
            return shorten(e.getCause().getMessage(), 3 * LONGEST);
        }
        if (e instanceof MismatchedInputException mismatch) {
            return describe(mismatch, path);
        }
        return e instanceof StreamReadException ? syntax(e) : "the JSON cannot be read";
    }

    private static String describe(MismatchedInputException e, String path) {
        String message = e.getOriginalMessage();
        if (message.startsWith("Missing required") || message.contains("`null`")) {
            return "%s is missing or null".formatted(path);
        }
        if (message.startsWith("Trailing token")) {
            return "something stands behind the end of the JSON";
        }
        if (message.startsWith("No content")) {
            return "there is no JSON";
        }
        return "%s must be %s".formatted(path, kind(e.getTargetType()));
    }

    private static String syntax(JacksonException e) {
        String message = e.getOriginalMessage();
        if (message.startsWith("Duplicate")) {
            return "%s occurs twice"
                    .formatted(shorten(message.replaceFirst("^[^\"]*", "").replace('"', '\'')));
        }
        Matcher token = TOKEN.matcher(message);
        if (token.lookingAt()) {
            return "'%s' is not JSON".formatted(shorten(token.group(1)));
        }
        if (message.contains("exceeds the maximum")) {
            return "the JSON is too long or too deep";
        }
        return e.getLocation() == null
                ? "it is not JSON"
                : "it is not JSON at line %d, column %d"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    }

    private static String known(String unknown, @Nullable Collection<Object> known) {
        if (known == null || known.isEmpty()) {
            return "";
        }
        List<String> names = known.stream().map(String::valueOf).sorted().toList();
        return NearestName.of(unknown, names)
                .map("; did you mean '%s'?"::formatted)
                .orElseGet(() -> "; it has " + String.join(", ", names));
    }

    private static String kind(@Nullable Class<?> type) {
        if (type == null) {
            return "of another kind";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "an integer";
        }
        if (type == Double.class || type == double.class) {
            return "a number";
        }
        if (type == String.class) {
            return "a string";
        }
        return type.isArray() || Collection.class.isAssignableFrom(type) ? "an array" : "an object";
    }

    private static String path(JacksonException e) {
        String path = e.getPath().stream()
                .map(step -> step.getPropertyName() == null
                        ? "[%d]".formatted(step.getIndex())
                        : "." + shorten(step.getPropertyName()))
                .collect(Collectors.joining());
        return path.isEmpty() ? "it" : "'%s'".formatted(shorten(path.replaceFirst("^\\.", ""), 2 * LONGEST));
    }

    private static String shorten(String text) {
        return shorten(text, LONGEST);
    }

    /** Returns the text, or its beginning: answers repeat no more of what was sent. */
    public static String shorten(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }
}
