// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No sentence of Javadoc, comments and documents has over 30 words; a semicolon or a colon ends one, too. */
class SentenceLengthTest {

    private static final int MOST_WORDS = 30;

    private static final Pattern END = Pattern.compile("(?<=[.!?;:])\\s+");
    private static final Pattern WORD = Pattern.compile("\\S*[\\p{L}\\p{N}]\\S*");

    /** Code and names of code count as one word. */
    private static final Pattern CODE = Pattern.compile("\\{@(?:code|link|linkplain|literal)\\s[^}]*}|`[^`]*`");

    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\([^)]*\\)");

    private static final Pattern COMMENT =
            Pattern.compile("^[ \\t]*/\\*\\*.*?\\*/|(?:^[ \\t]*//[^\\n]*\\n)+", Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern MARGIN = Pattern.compile("^[ \\t]*(?:/\\*\\*|//|\\*/|\\*)", Pattern.MULTILINE);
    private static final Pattern PART = Pattern.compile("\\n\\s*\\n|(?=@(?:param|return|throws)\\b)|<p>|<li>|<pre>");

    private static final Pattern BLOCK = Pattern.compile("(?ms)^```.*?^```$|^    [^\\n]*$");
    private static final Pattern PARAGRAPH = Pattern.compile("\\n\\s*\\n|\\n(?=\\s*[-|#>])");
    private static final Pattern CELL = Pattern.compile(" \\| ");

    private static List<Path> files(String ending, String... roots) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String root : roots) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(ending)).forEach(found::add);
            }
        }
        return found;
    }

    /** Adds the sentences of a text that are too long. */
    private static void addLong(Path file, String text, List<String> found) {
        String plain = LINK.matcher(CODE.matcher(text.strip()).replaceAll("X")).replaceAll("$1");
        for (String sentence : END.split(plain, -1)) {
            long words = WORD.matcher(sentence).results().count();
            if (words > MOST_WORDS) {
                found.add("%s: %d words: %s".formatted(file, words, sentence.replaceAll("\\s+", " ")));
            }
        }
    }

    private static void addLongComments(Path file, String source, List<String> found) {
        Matcher comment = COMMENT.matcher(source);
        while (comment.find()) {
            for (String part :
                    PART.split(MARGIN.matcher(comment.group()).replaceAll("").replace("*/", ""), -1)) {
                addLong(file, part, found);
            }
        }
    }

    private static void addLongParagraphs(Path file, String document, List<String> found) {
        for (String paragraph : PARAGRAPH.split(BLOCK.matcher(document).replaceAll(""), -1)) {
            boolean isRow = paragraph.strip().startsWith("|");
            for (String part : isRow ? CELL.split(paragraph, -1) : new String[] {paragraph}) {
                addLong(file, part, found);
            }
        }
    }

    @Test
    void commentsHaveNoLongSentence() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(".java", "src/main/java")) {
            addLongComments(file, Files.readString(file), found);
        }

        assertThat(found).isEmpty();
    }

    @Test
    void documentsHaveNoLongSentence() throws IOException {
        List<Path> files =
                files(".md", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "models", "src/docs");
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            addLongParagraphs(file, Files.readString(file), found);
        }

        assertThat(files).hasSizeGreaterThan(15);
        assertThat(found).isEmpty();
    }

    @Test
    void aLongSentenceIsFound() {
        String words = "word ".repeat(15);
        List<String> found = new ArrayList<>();

        addLongComments(Path.of("X.java"), "/** %s\n * %s. */\nint x;\n".formatted(words, words), found);
        addLongComments(Path.of("X.java"), "/** %s\n * %sone. */\nint x;\n".formatted(words, words), found);
        addLongComments(Path.of("X.java"), "// %s\n// %s one.\n".formatted(words, words), found);
        addLongComments(
                Path.of("X.java"), "/** %s; %sone {@code of six words in code}. */".formatted(words, words), found);
        addLongParagraphs(
                Path.of("x.md"), "a: %s\n%s one\n\n    %s %s %s".formatted(words, words, words, words, words), found);
        addLongParagraphs(
                Path.of("x.md"), "| %s | %s one |\n| %s | x |\n- %s".formatted(words, words, words, words), found);

        assertThat(found).hasSize(3).allMatch(line -> line.contains(": 31 words: "));
    }
}
