// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** More than a hundred sentences of our own writing, each mention of which was checked by hand. */
class SentencesTest {

    private static final ReportLabeller LABELLER = ReportLabeller.read();

    static List<Arguments> sentences() throws IOException {
        List<Arguments> sentences = new ArrayList<>();
        try (Reader text = new InputStreamReader(
                Objects.requireNonNull(SentencesTest.class.getResourceAsStream("/reports/sentences.csv")),
                StandardCharsets.UTF_8)) {
            WordTable.read(
                    "sentences.csv",
                    text,
                    row -> sentences.add(Arguments.of(row.getField("sentence"), row.getField("mentions"))));
        }
        return sentences;
    }

    @ParameterizedTest
    @MethodSource("sentences")
    void mentionsAreThoseThatAReaderFinds(String sentence, String mentions) {
        assertThat(LABELLER.read(sentence).mentions().stream()
                        .map(SentencesTest::written)
                        .collect(Collectors.joining("; ")))
                .isEqualTo(mentions);
    }

    @Test
    void thereAreAHundredSentences() throws IOException {
        assertThat(sentences()).hasSizeGreaterThanOrEqualTo(100);
    }

    private static String written(Mention mention) {
        Place place = mention.place();
        return Stream.of(
                        mention.label(),
                        mention.assertion().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        place == null || place.side() == null
                                ? ""
                                : place.side().name().toLowerCase(Locale.ROOT),
                        place == null || place.zone() == null
                                ? ""
                                : place.zone().name().toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
