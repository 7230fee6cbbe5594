// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cxrlocalizer.geometry.Box;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

class BoxListReaderTest {

    private static final String HEADER = "Image Index,Finding Label,Bbox [x,y,w,h],,,\n";

    @Test
    void theReleasedFileHasTheCountsOfThePaper() throws IOException {
        GroundTruth truth = new GroundTruth(
                new DatasetProperties(FileSetting.valueOf("classpath:nih/BBox_List_2017.csv"), null, null, null));
        Map<String, List<TruthBox>> boxes = boxes(GroundTruth.read(new ClassPathResource("nih/BBox_List_2017.csv")));

        assertThat(boxes).hasSize(880);
        assertThat(boxes.keySet().stream().map(image -> image.substring(0, 8)).distinct())
                .hasSize(726);
        assertThat(boxes.values().stream()
                        .flatMap(List::stream)
                        .collect(Collectors.groupingBy(TruthBox::label, Collectors.counting())))
                .isEqualTo(Map.of(
                        "Atelectasis", 180L,
                        "Cardiomegaly", 146L,
                        "Effusion", 153L,
                        "Infiltration", 123L,
                        "Mass", 85L,
                        "Nodule", 79L,
                        "Pneumonia", 120L,
                        "Pneumothorax", 98L));
        assertThat(truth.of("00013118_008.png").orElseThrow())
                .containsExactly(new TruthBox(
                        "Atelectasis",
                        new Box(225.084745762712, 547.019216763771, 86.7796610169491, 79.1864406779661)));
        assertThat(truth.of("00000001_000.png")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'00000001_000.png,Mass,1,2,3,4,,,;00000001_000.png,Mass,1,2,3' | Line 3: it has 5 columns",
                "'00000001_000.png,Cough,1,2,3,4,,,' | is not a label of the dataset",
                "'a.png,Mass,1,2,x,4,,,' | Line 2: 'x' is not a number",
                "'a.png,Mass,1,2,0,4,,,' | positive width",
                "'a.png,Mass,1,2,NaN,4,,,' | finite",
                "'00000001_000.png,Mass,1020,2,5,4,,,' | Line 2: the box leaves the image",
                "'a.png,Mass,1,2,5,4,,,;a.png,Mass,1,2,5,4,,,' | Line 3: the box is listed twice"
            })
    void aWrongLineIsNamedAndLeftOut(String lines, String message) throws IOException {
        String text = HEADER + lines.replace(';', '\n') + "\nb.png,Hernia,1,2,3,4,,,";

        Parsed<GroundTruth> parsed = GroundTruth.read(list(text));

        assertThat(parsed.problems()).singleElement().satisfies(problem -> assertThat(
                        "Line %d: %s".formatted(problem.line(), problem.reason()))
                .contains(message.trim()));
        assertThat(boxes(parsed).values().stream().mapToLong(List::size).sum()).isEqualTo(lines.split(";", -1).length);
    }

    @Test
    void theServiceRefusesAListWithAWrongLine() {
        DatasetProperties properties =
                new DatasetProperties(new FileSetting(list((HEADER + "a.png,Mass,1,2,x,4,,,"))), null, null, null);
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> new GroundTruth(properties))
                .withMessageContaining("line 2: 'x' is not a number");
    }

    @Test
    void anotherFileIsRecognizedByItsHeader() {
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> GroundTruth.read(list("Image Index,Finding Labels,Follow-up #\n")));
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> GroundTruth.read(list("")))
                .withMessageContaining("is empty");
    }

    private static Resource list(String text) {
        return new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, List<TruthBox>> boxes(Parsed<GroundTruth> parsed) {
        return parsed.content().images().stream()
                .collect(Collectors.toMap(
                        image -> image, image -> parsed.content().of(image).orElseThrow()));
    }
}
