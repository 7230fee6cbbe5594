// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fast reading finds what the slow and plain one finds. */
class PlainReaderTest {

    private static final ReportLabeller LABELLER = ReportLabeller.read();
    private static final PlainReader PLAIN = new PlainReader();

    private static List<PlainReader.Found> fast(String text) {
        return LABELLER.read(ReportText.of(Map.of(Section.FINDINGS, text))).mentions().stream()
                .map(mention -> new PlainReader.Found(
                        mention.label(),
                        mention.assertion(),
                        mention.span().in(text)
                                + (mention.trigger() == null
                                        ? "||"
                                        : "|%s|%s"
                                                .formatted(
                                                        mention.trigger().rule(),
                                                        mention.trigger().span().in(text)))))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("org.cxrlocalizer.reports.SentencesTest#sentences")
    void sentencesAreReadTheSame(String sentence) {
        assertThat(fast(sentence)).isEqualTo(PLAIN.read(sentence));
    }

    /** Words and marks of the tables in any order; phrases begin, break off and overlap in ways that no reporter writes. */
    @Test
    void wordsInAnyOrderAreReadTheSame() {
        List<String> words = words();
        Random random = new Random(28);
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = 0; k < 25; k++) {
                text.append(words.get(random.nextInt(words.size()))).append(' ');
            }
            assertThat(fast(text.toString())).as(text.toString()).isEqualTo(PLAIN.read(text.toString()));
        }
    }

    private static List<String> words() {
        List<String> words = new ArrayList<>();
        for (String table : List.of("lexicon.csv", "rules.csv")) {
            WordTable.readOwn(table, row -> Phrase.expand(row.getField("phrase").replace("...", "is")).stream()
                    .limit(3)
                    .forEach(phrase -> {
                        words.addAll(phrase);
                        words.add(String.join(" ", phrase));
                    }));
        }
        for (int i = 0; i < 40; i++) {
            words.addAll(
                    List.of("no", "heart", "enlarged", "effusion", "nodule", ",", ".", "but", "or", "possible", "is"));
        }
        return words;
    }
}
