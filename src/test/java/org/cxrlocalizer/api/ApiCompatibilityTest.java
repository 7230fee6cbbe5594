// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The document breaks no client of the last released one, {@code src/main/openapi/released/VERSION.json}, unless the API's
 * version moves. A release adds a file there; additions that break nobody go into the newest file with the next release.
 */
class ApiCompatibilityTest {

    private static final Path CURRENT = Path.of("src/main/openapi/cxr-localizer.json");
    private static final Path RELEASED = Path.of("src/main/openapi/released");
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Parameters whose limits the released service had, and its document did not state: a client beyond them was refused then as
     * well. The same holds for boxes, but for those of more than a million pixels, whose IoU was wrong.
     */
    private static final Set<String> STATED_LATER =
            Set.of("labels", "frame", "maxFindings", "node", "studyUid", "name");

    /**
     * Cases of answers that came after the release. An answer has one only if its caller, or the package that the service was
     * given, chose it.
     */
    private static final List<String> CASES_ADDED_LATER = List.of("#/components/schemas/ExpectedIouPolicy");

    /** Values of answers that came after the release. An answer has one only if its caller requested it by a later parameter. */
    private static final Set<String> VALUES_ADDED_LATER = Set.of("not-reported");

    private static final String BOX = "/components/schemas/Box/properties";

    private static Path lastReleased() throws IOException {
        try (Stream<Path> files = Files.list(RELEASED)) {
            return files.max(Comparator.comparingInt(ApiCompatibilityTest::version))
                    .orElseThrow();
        }
    }

    private static int version(Path released) {
        return Integer.parseInt(released.getFileName().toString().replace(".json", ""));
    }

    /** Whether clients of the released document can use a service of the other one. */
    private static boolean mayReplace(String released, String other) {
        boolean isOfAnotherVersion = !JSON.readTree(released)
                .at("/info/version")
                .equals(JSON.readTree(other).at("/info/version"));
        ChangedOpenApi changes = OpenApiCompare.fromContents(
                inOlderForm(released), inOlderForm(withoutLaterCases(withoutStatedLimits(other))));
        return isOfAnotherVersion || changes.isCompatible();
    }

    private static String withoutStatedLimits(String document) {
        JsonNode less = JSON.readTree(document);
        List<String> limits = List.of("pattern", "format", "maxLength");
        less.findValues("parameters").stream()
                .flatMap(JsonNode::valueStream)
                .filter(parameter ->
                        STATED_LATER.contains(parameter.path("name").asString()))
                .map(parameter -> (ObjectNode) parameter.get("schema"))
                .forEach(schema -> {
                    schema.remove(limits);
                    if (schema.get("items") instanceof ObjectNode items) {
                        items.remove(limits);
                    }
                });
        less.at(BOX).forEach(side -> ((ObjectNode) side).remove(List.of("minimum", "maximum")));
        less.findParents("exclusiveMinimum").forEach(it -> ((ObjectNode) it).remove("exclusiveMinimum"));
        return less.toString();
    }

    private static String withoutLaterCases(String document) {
        JsonNode less = JSON.readTree(document);
        less.findParents("oneOf").forEach(choice -> {
            ((ArrayNode) choice.get("oneOf"))
                    .removeIf(it -> CASES_ADDED_LATER.contains(it.path("$ref").asString()));
            if (choice.at("/discriminator/mapping") instanceof ObjectNode mapping) {
                mapping.removeIf(it -> CASES_ADDED_LATER.contains(it.asString()));
            }
        });
        less.findValues("enum").forEach(values -> ((ArrayNode) values)
                .removeIf(it -> it.isString() && VALUES_ADDED_LATER.contains(it.asString())));
        return less.toString();
    }

    /** openapi-diff looks into arrays and sees types only where they are written as OpenAPI 3.0 writes them. */
    private static String inOlderForm(String document) {
        ObjectNode older = (ObjectNode) JSON.readTree(document);
        older.put("openapi", "3.0.3");
        older.findParents("type").forEach(it -> {
            if (it.get("type") instanceof ArrayNode types && it instanceof ObjectNode schema) {
                String type = types.valueStream()
                        .map(JsonNode::asString)
                        .filter(name -> !name.equals("null"))
                        .findFirst()
                        .orElseThrow();
                schema.put("type", type).put("nullable", true);
            }
        });
        return older.toString();
    }

    @Test
    void theDocumentBreaksNoClientOfTheReleasedOne() throws IOException {
        Path released = lastReleased();

        assertThat(JSON.readTree(Files.readString(released)).at("/info/version").asInt())
                .isEqualTo(version(released));
        assertThat(mayReplace(Files.readString(released), Files.readString(CURRENT)))
                .as(
                        "%s may replace %s; if it is meant to break clients, the API needs another version",
                        CURRENT, released)
                .isTrue();
    }

    record Change(String what, Consumer<ObjectNode> made) {

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Change> breaking() {
        return Stream.of(
                new Change("an address goes", it -> ((ObjectNode) it.get("paths")).remove("/v1/overlays")),
                new Change("a property of an answer goes", it -> {
                    ObjectNode finding = (ObjectNode) it.at("/components/schemas/Finding");
                    ((ObjectNode) finding.get("properties")).remove("probability");
                    ((ArrayNode) finding.get("required"))
                            .removeIf(name -> name.asString().equals("probability"));
                }),
                new Change("a parameter becomes required", it -> parameter(it).put("required", true)),
                new Change("a parameter goes", it -> ((ArrayNode) it.at("/paths/~1v1~1localizations/post/parameters"))
                        .remove(0)),
                new Change("a type changes", it -> ((ObjectNode) it.at("/components/schemas/Box/properties/x"))
                        .put("type", "string")),
                new Change("a form of body is not taken any more", it -> ((ObjectNode)
                                it.at("/paths/~1v1~1localizations/post/requestBody/content"))
                        .remove("image/jpeg")));
    }

    private static ObjectNode parameter(ObjectNode document) {
        return (ObjectNode) document.at("/paths/~1v1~1localizations/post/parameters/1");
    }

    @ParameterizedTest
    @MethodSource("breaking")
    void whatBreaksClientsIsFoundAndNeedsAnotherVersion(Change change) throws IOException {
        String released = Files.readString(lastReleased());
        ObjectNode broken = (ObjectNode) JSON.readTree(released);
        change.made().accept(broken);

        assertThat(mayReplace(released, broken.toString())).isFalse();

        ((ObjectNode) broken.get("info")).put("version", "2");
        assertThat(mayReplace(released, broken.toString())).isTrue();
    }

    @Test
    void anAdditionIsCompatible() throws IOException {
        String released = Files.readString(lastReleased());
        ObjectNode more = (ObjectNode) JSON.readTree(released);
        ((ObjectNode) more.at("/components/schemas/Finding/properties"))
                .putObject("more")
                .put("type", "string");

        assertThat(mayReplace(released, more.toString())).isTrue();
    }
}
