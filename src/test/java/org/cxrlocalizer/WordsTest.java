// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Words that plain technical English does without, and verbs of persons that are used of software, are in no text. */
class WordsTest {

    private static final List<String> BANNED = List.of(
            "anew",
            "asked",
            "asks",
            "begun",
            "knows",
            "nobody",
            "nowhere",
            "oftener",
            "tells",
            "wants",
            "whence",
            "whoever",
            "(?:is|are|was|were|be|been|being) told",
            "what becomes of",
            "each who",
            "who asks",
            "for who");

    /** Names of functions may be these words, so that they are looked for in prose alone. */
    private static final List<String> BANNED_IN_PROSE =
            List.of("ask", "asking", "believes", "say", "says", "tell", "telling", "told");

    private static final Pattern WORD = anyOf(BANNED);
    private static final Pattern WORD_OF_PROSE =
            anyOf(Stream.concat(BANNED.stream(), BANNED_IN_PROSE.stream()).toList());

    /** Text blocks, strings, characters and comments of Java; what is none of these is code. */
    private static final Pattern TEXT = Pattern.compile(
            "\"\"\".*?\"\"\"|\"(?:[^\"\\\\\\n]++|\\\\.)*+\"|'(?:[^'\\\\\\n]|\\\\[^\\n]{1,5})'|/\\*.*?\\*/|//[^\\n]*",
            Pattern.DOTALL);

    private static final Pattern TEST = Pattern.compile("void (\\w+)\\(");

    /** Words of a name in camel case. */
    private static final Pattern PART = Pattern.compile("[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])");

    /** Names are read apart from their code, so that more verbs are those of persons. */
    private static final Set<String> BANNED_IN_NAMES = Set.of(
            "anew", "ask", "asked", "asking", "asks", "begun", "know", "knows", "nobody", "nowhere", "said", "say",
            "says", "tell", "tells", "told", "want", "wanted", "wants", "who", "whoever", "whom");

    /** A column of the database and a property of stored jobs keep their names. */
    private static final Map<String, String> NAMES = Map.of("ChunkStore.java", "begun", "LocalizeChunk.java", "begun");

    private static Pattern anyOf(List<String> words) {
        return Pattern.compile("\\b(?:%s)\\b".formatted(String.join("|", words)), Pattern.CASE_INSENSITIVE);
    }

    private static List<Path> files(String endings, String... roots) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String root : roots) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(Files::isRegularFile)
                        .filter(file -> file.toString().matches(".*\\.(?:%s)".formatted(endings)))
                        .forEach(found::add);
            }
        }
        return found;
    }

    /** Adds the banned words of a part of a file, with their lines. */
    private static void addBanned(Path file, String text, int start, int end, List<String> found) {
        String part = text.substring(start, end).replace('\n', ' ');
        Pattern banned = file.toString().matches(".*\\.(?:java|md)") ? WORD_OF_PROSE : WORD;
        for (MatchResult word : banned.matcher(part).results().toList()) {
            if (!word.group().equals(NAMES.get(file.getFileName().toString()))) {
                long line = text.substring(0, start + word.start()).lines().count();
                found.add("%s:%d: %s".formatted(file, line, word.group()));
            }
        }
    }

    @Test
    void commentsAndStringsOfTheSourcesHaveNone() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files("java", "src/main/java")) {
            String source = Files.readString(file);
            Matcher text = TEXT.matcher(source);
            while (text.find()) {
                addBanned(file, source, text.start(), text.end(), found);
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void pagesAndDocumentsHaveNone() throws IOException {
        List<Path> files = files("js|css|html", "src/main/resources/static");
        files.addAll(files("md", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "models", "src/docs"));
        files.addAll(files("mustache|yaml", "src/main/resources"));
        files.add(Path.of("src/main/openapi/cxr-localizer.json"));
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            String text = Files.readString(file);
            addBanned(file, text, 0, text.length(), found);
        }

        assertThat(files).hasSizeGreaterThan(40);
        assertThat(found).isEmpty();
    }

    @Test
    void toolsAndImagesHaveNone() throws IOException {
        List<Path> files = files("py|yaml", "models");
        for (String root : List.of(".ci", "docker", "src/test/bench")) {
            try (Stream<Path> all = Files.walk(Path.of(root))) {
                all.filter(Files::isRegularFile)
                        .filter(file -> !file.toString().endsWith(".pyc"))
                        .forEach(files::add);
            }
        }
        files.addAll(List.of(Path.of("Dockerfile"), Path.of("pom.xml"), Path.of("CITATION.cff")));
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            String text = Files.readString(file);
            addBanned(file, text, 0, text.length(), found);
        }

        assertThat(files).hasSizeGreaterThan(100);
        assertThat(found).isEmpty();
    }

    @Test
    void namesOfTestsHaveNone() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files("java", "src/test/java")) {
            TEST.matcher(Files.readString(file))
                    .results()
                    .map(test -> test.group(1))
                    .filter(WordsTest::hasBannedPart)
                    .forEach(name -> found.add("%s: %s".formatted(file.getFileName(), name)));
        }

        assertThat(found).isEmpty();
    }

    private static boolean hasBannedPart(String name) {
        return PART.matcher(name)
                .results()
                .anyMatch(part -> BANNED_IN_NAMES.contains(part.group().toLowerCase(Locale.ROOT)));
    }

    @Test
    void aBannedWordIsFoundInANameByItsCapitals() {
        assertThat(hasBannedPart("aServiceSaysSo")).isTrue();
        assertThat(hasBannedPart("whoeverComes")).isTrue();
        assertThat(hasBannedPart("tasksAndWholeImagesAreKnown")).isFalse();
    }

    @Test
    void aBannedWordIsFoundInTextsOnly() {
        String source = "String asks = \"it knows\"; char c = '\"'; // nobody\nint wants;\n/* it is\ntold */ says();";
        List<String> found = new ArrayList<>();
        Matcher text = TEXT.matcher(source);
        while (text.find()) {
            addBanned(Path.of("X.java"), source, text.start(), text.end(), found);
        }

        assertThat(found).containsExactly("X.java:1: knows", "X.java:1: nobody", "X.java:3: is told");
    }
}
