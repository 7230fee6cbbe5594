// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.geometry.Box;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

/** Lists of true boxes as datasets publish them, under their own labels and image names. */
class PublishedTruthTest {

    private static Resource text(String text) {
        return new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "list");
    }

    private static GroundTruth truth(String text) throws IOException {
        Parsed<GroundTruth> parsed = GroundTruth.read(text(text));
        assertThat(parsed.problems()).isEmpty();
        return parsed.content();
    }

    private static TruthBox box(String label, double x, double y, double width, double height) {
        return new TruthBox(label, new Box(x, y, width, height));
    }

    @ParameterizedTest
    @CsvSource({
        "'image_id,rad_id,class_name,x_min,y_min,x_max,y_max', true",
        "'image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max', false"
    })
    void vinDrListsEachReaderAndImagesWithoutFindings(String header, boolean released) throws IOException {
        GroundTruth truth = truth(header
                + "\n"
                + line(released, "0007d316f756b3fa", "Pleural effusion", "10,20,40,60")
                + line(released, "0007d316f756b3fa", "Aortic enlargement", "1,2,4,6")
                + line(released, "002a34c58c5b7589", "No finding", ",,,"));

        assertThat(truth.images()).containsExactly("0007d316f756b3fa.png", "002a34c58c5b7589.png");
        assertThat(truth.of("0007d316f756b3fa.png").orElseThrow())
                .containsExactly(box("Effusion", 10, 20, 30, 40), box("Aortic enlargement", 1, 2, 3, 4));
        assertThat(truth.of("002a34c58c5b7589.png").orElseThrow()).isEmpty();
        assertThat(truth.size("0007d316f756b3fa.png")).isNull();
        assertThat(truth.patientOf("0007d316f756b3fa.png")).isEqualTo("0007d316f756b3fa.png");
        assertThat(truth.labels()).startsWith("Atelectasis").endsWith("Hernia", "Aortic enlargement");
        assertThat(truth.scored("aortic_enlargement")).isEqualTo("Aortic enlargement");
    }

    private static String line(boolean released, String image, String label, String box) {
        return released ? "%s,R9,%s,%s\n".formatted(image, label, box) : "%s,%s,7,R9,%s\n".formatted(image, label, box);
    }

    @Test
    void theChallengeOfRsnaListsImagesByPatient() throws IOException {
        GroundTruth truth = truth("""
                patientId,x,y,width,height,Target
                0004cfab-14fd-4e49-80ba-63a80b6bddd6,,,,,0
                00436515-870c-4b36-a041-de91049b9ab4,264.0,152.0,213.0,379.0,1
                00436515-870c-4b36-a041-de91049b9ab4,562.0,152.0,256.0,453.0,1
                """);

        assertThat(truth.of("0004cfab-14fd-4e49-80ba-63a80b6bddd6.png")).contains(List.of());
        assertThat(truth.of("00436515-870c-4b36-a041-de91049b9ab4.png").orElseThrow())
                .containsExactly(box("Pneumonia", 264, 152, 213, 379), box("Pneumonia", 562, 152, 256, 453));
        assertThat(truth.size("00436515-870c-4b36-a041-de91049b9ab4.png")).isEqualTo(new ImageSize(1024, 1024));
    }

    private static final String MIMIC =
            "files/p10/p10000032/s50414267/02aa804e-bde0afdd-112c0b34-7bc16630-4e384014.jpg";

    @Test
    void msCxrStatesSizeAndPatient() throws IOException {
        String image = "02aa804e-bde0afdd-112c0b34-7bc16630-4e384014";
        List<GroundTruth> both = List.of(
                truth("dicom_id,path,category_name,label_text,split,x,y,w,h,image_width,image_height\n" + image + ","
                        + MIMIC + ",Pneumonia,\"left, basal\",test,10,20,30,40,2544,3056\n"),
                truth("""
                        {"images": [{"id": 1, "file_name": "%s.jpg", "width": 2544, "height": 3056, "path": "%s"}],
                         "categories": [{"id": 2, "name": "Pneumonia"}],
                         "annotations": [{"id": 1, "image_id": 1, "category_id": 2, "bbox": [10, 20, 30, 40],
                                          "label_text": "left, basal"}]}
                        """.formatted(image, MIMIC)));

        assertThat(both).allSatisfy(truth -> {
            assertThat(truth.of(image + ".png").orElseThrow()).containsExactly(box("Pneumonia", 10, 20, 30, 40));
            assertThat(truth.size(image + ".png")).isEqualTo(new ImageSize(2544, 3056));
            assertThat(truth.patientOf(image + ".png")).isEqualTo("p10000032");
        });
    }

    @Test
    void cheXlocalizeHasOutlinesOrMasks() throws IOException {
        String image = "patient64622_study1_view1_frontal";
        GroundTruth outlines = truth("""
                {"%s": {"img_size": [6, 5],
                  "Lung Opacity": [[[1.5, 2.0], [4.0, 2.5], [2.0, 5.0]], [[0, 0], [1, 0], [1, 1]]]}}
                """.formatted(image));
        GroundTruth masks = truth("""
                {"%s": {"Lung Opacity": {"size": [6, 5], "counts": [0, 2, 8, 1, 1, 1, 4, 2, 11]},
                        "Cardiomegaly": {"size": [6, 5], "counts": "n0"}}}
                """.formatted(image));

        assertThat(outlines.of(image + ".png").orElseThrow())
                .containsExactly(box("Lung Opacity", 1.5, 2, 2.5, 3), box("Lung Opacity", 0, 0, 1, 1));
        assertThat(masks.of(image + ".png").orElseThrow())
                .as("connected parts")
                .containsExactly(
                        box("Lung Opacity", 0, 0, 1, 2),
                        box("Lung Opacity", 1, 4, 2, 2),
                        box("Lung Opacity", 2, 0, 2, 1));
        assertThat(List.of(outlines, masks)).allSatisfy(truth -> {
            assertThat(truth.size(image + ".png")).isEqualTo(new ImageSize(5, 6));
            assertThat(truth.patientOf(image + ".png")).isEqualTo("patient64622");
        });
        assertThat(ImageNames.ofPath("CheXpert-v1.0/valid/patient64622/study1/view1_frontal.jpg"))
                .isEqualTo(image + ".png");
    }

    /** The text was written by pycocotools of the mask whose counts stand beside it. */
    @Test
    void masksOfCocoGiveTheirExtent() throws IOException {
        String coco = """
                {"images": [{"id": 1, "file_name": "own name.png", "width": 300, "height": 200}],
                 "categories": [{"id": 1, "name": "Own label"}],
                 "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "segmentation": %s}]}
                """;
        for (String segmentation :
                List.of("[[100, 20, 150, 20, 150, 80], [120, 10, 130, 10, 130, 30]]", MASK_AS_LIST, MASK_AS_TEXT)) {
            assertThat(truth(coco.formatted(segmentation)).of("own name.png").orElseThrow())
                    .containsExactly(box("Own label", 100, 10, 50, 70));
        }
        for (String wrong : List.of(
                "{\"size\": [200, 300], \"counts\": [5]}",
                "{\"size\": [200, 300], \"counts\": \"~~~\"}",
                "{\"size\": [200], \"counts\": [5]}",
                "{\"size\": [200, 300], \"counts\": [60000]}",
                "[[1, 2, 3]]",
                "[]")) {
            assertThatExceptionOfType(InvalidDatasetException.class)
                    .as(wrong)
                    .isThrownBy(() -> GroundTruth.read(text(coco.formatted(wrong))))
                    .withMessageContaining("No line of ");
        }
    }

    private static final String MASK_AS_LIST =
            "{\"size\":[200,300],\"counts\":[20020,1,1199,16,184,17,183,18,182,19,181,20,180,21,179,22,178,23,177"
                    + ",24,176,25,175,26,174,27,173,28,172,29,161,40,160,41,159,42,158,43,157,44,156,45,155,46,154,47,153,4"
                    + "8,152,49,161,40,160,41,159,42,158,43,157,44,156,45,155,46,154,47,153,48,152,49,151,50,150,51,149,52,"
                    + "148,53,147,54,146,55,145,56,144,57,143,58,142,60,30120]}";
    private static final String MASK_AS_TEXT =
            "{\"size\": [200, 300], \"counts\": \"dac01_U1?YPO1O1O1O1O1O1O1O1O1O1O1O1O1E;O1O1O1O1O1O1O1O1O19GO1O1"
                    + "O1O1O1O1O1O1O1O1O1O1O1O1O1O1O1O1O2jXm0\"}";

    @Test
    void labelsOfAMapAreScoredUnderTheSingleOne() throws IOException {
        LabelMap map = LabelMap.read(text("""
                Model Label,Truth Label
                Nodule,Nodule/Mass
                Mass,Nodule/Mass
                Fibrosis,ILD
                Fibrosis,Pulmonary fibrosis
                """));
        Parsed<GroundTruth> parsed = GroundTruth.read(text("""
                        image_id,class_name,x_min,y_min,x_max,y_max
                        a,Nodule/Mass,1,2,4,6
                        a,ILD,1,2,4,6
                        b,Pulmonary Fibrosis,1,2,4,6
                        b,Calcification,1,2,4,6
                        """), map);

        GroundTruth truth = parsed.content();
        assertThat(truth.of("a.png").orElseThrow())
                .containsExactly(box("Nodule/Mass", 1, 2, 3, 4), box("Fibrosis", 1, 2, 3, 4));
        assertThat(truth.of("b.png").orElseThrow()).containsExactly(box("Fibrosis", 1, 2, 3, 4));
        assertThat(truth.scored("mass")).isEqualTo("Nodule/Mass");
        assertThat(truth.scored("Fibrosis")).isEqualTo("Fibrosis");
        assertThat(parsed.problems()).singleElement().satisfies(problem -> assertThat(problem.reason())
                .isEqualTo("1 boxes of 'Calcification' are not scored: the label map does not name it"));
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> LabelMap.read(text("Model Label;Truth Label\nA;x\nA;y\nB;y\nB;x\n")))
                .withMessageContaining("joins several labels of both sides");
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> LabelMap.read(text("a,b\n")))
                .withMessageContaining("has no column 'Model Label'");
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> GroundTruth.read(text("image,label,x,y,w,h\na,Rib,1,2,3,4\n"), map))
                .withMessageContaining("which has [Rib]");
    }

    @Test
    void predictionsMayHaveOwnLabelsOfTheTruth() throws IOException {
        GroundTruth truth = truth("image,label,x,y,w,h\na,Lung Opacity,1,2,3,4\n");
        List<ListedBox> boxes = new ArrayList<>();
        List<LineProblem> problems = new ArrayList<>();

        PredictedBoxList.forEach(
                text("image,label,x,y,w,h,score\na,lung opacity,1,2,3,4,1\na,Cough,1,2,3,4,1\n"),
                10_000,
                truth,
                boxes::add,
                problems::add);

        assertThat(boxes).extracting(ListedBox::label).containsExactly("Lung Opacity");
        assertThat(problems).singleElement().satisfies(problem -> assertThat(problem.reason())
                .isEqualTo("'Cough' is not a label of the dataset"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a.png\": [1, 2, 3, 4]} | has no box",
                "{\"a\": {\"Mass\": 5}} | a label must have outlines or a mask",
                "{\"a\": {\"Mass\": {\"size\": [2, 2], \"counts\": [9]}}} | counts do not fit its size",
                "{\"a\": {\"Mass\": {\"size\": [1, 99999], \"counts\": [0, 99999]}}} | the mask's size must be height and width",
                "{\"a\": {\"img_size\": [2, 2], \"Mass\": [[[0, 0], [9, 0], [9, 9]]]}} | the box leaves the image of 2 × 2 pixels",
                "'study_id,finding_categories,xmin,ymin,xmax,ymax' | has no column 'Image Index'",
                "'patientId,x,y,width,height' | has no column 'Finding Label'",
                "'image_id,class_name,rle' | has no column",
            })
    void otherFilesAreRefusedWithTheReason(String file, String reason) {
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> GroundTruth.read(text(file)))
                .withMessageContaining(reason);
    }
}
