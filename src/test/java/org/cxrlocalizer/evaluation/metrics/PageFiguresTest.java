// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cxrlocalizer.evaluation.metrics.WangProtocol.Overlap;
import org.junit.jupiter.api.Test;

/** The page finds figures of a report by their names: a figure that is renamed would be missing on it. */
class PageFiguresTest {

    private static final Path SCRIPT = Path.of("src/main/resources/static/page/figures.js");
    private static final Pattern KEY = Pattern.compile("(?m)^ {2}(?:\"([^\"]+)\"|(\\w+)):");
    private static final Pattern LISTED = Pattern.compile("\"([^\"]+)\"");

    private static List<String> names(String start, String end, Pattern name) throws IOException {
        String script = Files.readString(SCRIPT);
        int from = script.indexOf(start);
        Matcher found = name.matcher(script.substring(from, script.indexOf(end, from)));
        return found.results().map(PageFiguresTest::name).toList();
    }

    private static String name(MatchResult found) {
        return found.group(1) == null ? found.group(2) : found.group(1);
    }

    private static List<String> ofBoxes() throws IOException {
        return names("const OF_BOXES", "};", KEY);
    }

    @Test
    void thePageReadsFiguresThatThereAre() throws IOException {
        List<String> atThresholds = WangProtocol.IOU_THRESHOLDS.stream()
                .flatMap(threshold -> Stream.of(Figure.ACCURACY, Figure.FALSE_BOXES_PER_IMAGE)
                        .map(figure -> figure.at(Overlap.IOU, threshold)))
                .toList();
        List<String> plain = Stream.of(Figure.MEAN_IOU, Figure.BOXES_PER_MAP, Figure.RODEO)
                .map(Figure::title)
                .toList();

        assertThat(ofBoxes()).hasSize(7).allMatch(name -> atThresholds.contains(name) || plain.contains(name));
        assertThat(Files.readString(SCRIPT)).contains("\"" + Figure.AUC.title() + "\"");
    }

    @Test
    void thePageShowsFiguresOverAllLabelsWhereASummaryDoes() throws IOException {
        assertThat(names("const OF_ALL_LABELS", "];", LISTED))
                .containsExactlyInAnyOrderElementsOf(
                        ofBoxes().stream().filter(Figure::isOfAllLabels).toList());
    }
}
