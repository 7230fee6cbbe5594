// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The documents refer only to files, headings, settings and addresses that are there. */
class DocumentsTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern CALL = Pattern.compile("http://(?:localhost|127\\.0\\.0\\.1):8080(/[^\\s'\"?)]*)");
    private static final Pattern SETTING = Pattern.compile("[a-z]+(\\.([a-z][a-z-]*|NAME))+");

    private static final Pattern GIVEN = Pattern.compile("[\\s`]--([a-z][\\w-]*(?:\\.[\\w\\[\\]-]+)+)=");

    /** What has the form of a setting's name and is the name of a file. */
    private static final Pattern FILE = Pattern.compile(".*\\.(py|pt|yaml|md|csv|json|html|tex|txt|jsonl|safetensors)");

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (String root :
                List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "src/docs", "models")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
            }
        }
        return documents;
    }

    private static String prose(Path document) throws IOException {
        return FENCE.matcher(Files.readString(document)).replaceAll("");
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1));
    }

    /** Returns the anchors that a document's headings have where it is rendered. */
    private static Set<String> anchors(Path document) throws IOException {
        Map<String, Integer> times = new HashMap<>();
        Set<String> anchors = new TreeSet<>();
        for (String heading : found(HEADING, prose(document)).toList()) {
            String anchor = heading.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            int earlier = times.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(earlier == 0 ? anchor : anchor + "-" + earlier);
        }
        return anchors;
    }

    private static boolean resolves(Path document, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
        return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
    }

    @Test
    void eachLinkLeadsToAFileAndAHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            for (String link : found(LINK, prose(document)).toList()) {
                links++;
                if (!link.matches("https?:.*") && !resolves(document, link)) {
                    broken.add(document + ": " + link);
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(80);
    }

    @Test
    void eachDocumentIsLinkedFromAnother() throws IOException {
        Set<Path> linked = new TreeSet<>();
        for (Path document : documents()) {
            found(LINK, prose(document))
                    .filter(link -> !link.matches("https?:.*|#.*"))
                    .map(link ->
                            document.resolveSibling(link.replaceAll("#.*", "")).normalize())
                    .forEach(linked::add);
        }

        try (Stream<Path> files = Files.list(Path.of("src/docs"))) {
            assertThat(linked).containsAll(files.toList());
        }
    }

    private static OwnSettings settings() throws IOException {
        try (InputStream metadata =
                Objects.requireNonNull(Application.class.getResourceAsStream(OwnSettings.METADATA))) {
            return OwnSettings.read(metadata);
        }
    }

    @Test
    void eachSettingOfADocumentedStartIsOne() throws IOException {
        OwnSettings own = settings();
        List<String> unknown = new ArrayList<>();
        int settings = 0;
        for (Path document : documents()) {
            for (String name : found(GIVEN, Files.readString(document)).toList()) {
                settings++;
                String root = name.substring(0, name.indexOf('.'));
                if (!OwnSettings.OF_OTHERS.contains(root) && !own.has(name)) {
                    unknown.add(document + ": " + name);
                }
            }
        }

        assertThat(unknown).isEmpty();
        assertThat(settings).isGreaterThan(5);
    }

    @Test
    void eachSettingThatADocumentNamesIsOne() throws IOException {
        OwnSettings own = settings();
        List<String> unknown = new ArrayList<>();
        int settings = 0;
        for (Path document : documents()) {
            for (String name : found(CODE, prose(document)).toList()) {
                if (!SETTING.matcher(name).matches() || FILE.matcher(name).matches()) {
                    continue;
                }
                if (own.roots().contains(name.substring(0, name.indexOf('.')))) {
                    settings++;
                    if (own.names().stream().noneMatch(known -> known.equals(name) || known.startsWith(name + "."))) {
                        unknown.add(document + ": " + name);
                    }
                }
            }
        }

        assertThat(unknown).isEmpty();
        assertThat(settings).isGreaterThan(80);
    }

    @Test
    void eachAddressThatADocumentCallsIsOfTheApi() throws IOException {
        List<Pattern> paths = new JsonMapper()
                        .readTree(Files.readString(Path.of("src/main/openapi/cxr-localizer.json")))
                        .get("paths")
                        .propertyNames()
                        .stream()
                        .map(path -> Pattern.compile(path.replaceAll("\\{[^}]+}", "[^/]+")))
                        .toList();
        List<String> unknown = new ArrayList<>();
        int calls = 0;
        for (Path document : documents()) {
            Matcher call = CALL.matcher(Files.readString(document));
            for (MatchResult found : call.results().toList()) {
                calls++;
                if (paths.stream()
                        .noneMatch(path -> path.matcher(found.group(1)).matches())) {
                    unknown.add(document + ": " + found.group(1));
                }
            }
        }

        assertThat(unknown).isEmpty();
        assertThat(calls).isGreaterThan(8);
    }
}
