// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.cxrlocalizer.geometry.Box;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

/** Lists as other programs and people write them. */
class ListFormsTest {

    private static final ListedBox BOX =
            new ListedBox(2, "00013118_008.png", "Pleural_Thickening", new Box(10, 20, 30, 40), 0.5);
    private static final GroundTruth NO_NAMES = truth("Image Index,Finding Label,x,y,w,h\na.png,Mass,1,2,3,4");

    private static Resource resource(byte[] bytes) {
        return new ByteArrayResource(bytes, "list");
    }

    private static Resource text(String text) {
        return resource(text.getBytes(StandardCharsets.UTF_8));
    }

    private static GroundTruth truth(String text) {
        try {
            return GroundTruth.read(text(text)).content();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<ListedBox> predictions(Resource list, GroundTruth truth, List<LineProblem> problems)
            throws IOException {
        List<ListedBox> boxes = new ArrayList<>();
        PredictedBoxList.forEach(list, 10_000_000, truth, boxes::add, problems::add);
        return boxes;
    }

    private static List<ListedBox> predictions(Resource list) throws IOException {
        List<LineProblem> problems = new ArrayList<>();
        List<ListedBox> boxes = predictions(list, NO_NAMES, problems);
        assertThat(problems).isEmpty();
        return boxes;
    }

    private static void assertRefused(Resource list, String... reasons) {
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> predictions(list, NO_NAMES, new ArrayList<>()))
                .satisfies(e -> assertThat(e.getMessage()).contains(reasons).hasSizeLessThan(600));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Image Index,Finding Label,Bbox [x,y,w,h],Score#00013118_008.png,Pleural Thickening,10,20,30,40,0.5",
                "Image Index,Finding Label,Bbox [x,y,w,h],,,,Score#00013118_008.png,Pleural Thickening,10,20,30,40,,,,0.5",
                "score,h,w,y,x,Finding Label,Image Index#0.5,40,30,20,10,Pleural_Thickening,00013118_008.png",
                "Image Index,Finding Label,x1,y1,x2,y2,Score#00013118_008.png,pleural_thickening,10,20,40,60,0.5",
                "filename,class,confidence,x_min,y_min,x_max,y_max#00013118_008.PNG,Pleural-Thickening,.5,10,20,40,60",
                "image_path,label,score,xmax,ymax,xmin,ymin#images_001/images/00013118_008.jpg,Pleural Thickening,0.5,40,60,10,20",
                "Image Index,Finding Label,x0,y0,x1,y1,Score#C:\\cxr\\00013118_008.PNG,PLEURAL_THICKENING,10,20,40,60,0.5",
                "Image Index,Finding Label,left,top,width,height,Score#00013118_008.dcm,Pleural Thickening,10,20,30,40,0.5",
                " Image Index , Finding Label , x , y , w , h , Score # 00013118_008.png , Pleural_Thickening , 10 , 20 , 30 , 40 , 0.5 ",
                "Image Index;Finding Label;x;y;w;h;Score#00013118_008;Pleural_Thickening;10;20;30;40;0.5",
                "Image Index;Finding Label;Bbox [x,y,w,h];Score#00013118_008.png;Pleural_Thickening;10;20;30;40;0.5",
                "Image Index\tFinding Label\tBbox [x\ty\tw\th]\tScore#00013118_008.png\tPleural_Thickening\t10\t20\t30\t40\t0.5",
                "\"Image Index\",\"Finding Label\",\"Bbox [x,y,w,h]\",\"Score\"#\"00013118_008.png\",\"Pleural_Thickening\",\"10\",\"20\",\"30\",\"40\",\"0.5\"",
                "sep=;#Image Index;Finding Label;x;y;w;h;Score#00013118_008.png;Pleural_Thickening;10;20;30;40;0.5",
                "\uFEFFImage Index,Finding Label,x,y,w,h,Score#00013118_008.png,Pleural_Thickening,10,20,30,40,0.5#,,,,,,# #",
            })
    void theSameBoxIsReadByTheNamesOfItsColumns(String list) throws IOException {
        ListedBox expected =
                new ListedBox(list.startsWith("sep") ? 3 : 2, BOX.imageIndex(), BOX.label(), BOX.box(), BOX.score());
        for (String end : List.of("\n", "\r\n", "\r")) {
            assertThat(predictions(text(list.replace("#", end)))).containsExactly(expected);
        }
        for (Charset utf16 : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(predictions(
                            resource(("\uFEFF" + list.replace("\uFEFF", "").replace('#', '\n')).getBytes(utf16))))
                    .containsExactly(expected);
        }
        assertThat(GroundTruth.read(text(list.replace('#', '\n'))).content().of("00013118_008.png"))
                .contains(List.of(new TruthBox(BOX.label(), BOX.box())));
    }

    @Test
    void boxesOnAnImageOfAnotherSizeThanThatOfTheirTruthAreRefused() throws IOException {
        String header = "Image Index,Finding Label,x,y,w,h,Score,image_width,image_height\n";
        String half = "00013118_008.png,Pleural_Thickening,5,10,15,20,0.5,512,512\n";
        String whole = "00013118_008.png,Pleural_Thickening,10,20,30,40,0.5,1024,1024\n";
        GroundTruth truth = truth("Image Index,Finding Label,x,y,w,h\n00013118_008.png,Mass,1,2,3,4");
        List<LineProblem> problems = new ArrayList<>();

        assertThat(predictions(text(header + half + whole), truth, problems))
                .extracting(ListedBox::line)
                .containsExactly(3L);
        assertThat(problems)
                .extracting(LineProblem::line, LineProblem::reason)
                .containsExactly(tuple(
                        2L, "the box is on an image of 512 × 512 pixels, and its true boxes on one of 1024 × 1024"));
    }

    @Test
    void columnsThatAreMissingOrCouldBeTwoAreRefusedByName() {
        assertRefused(
                text("Image Index,Finding Label,x,y,w,Score\n"), "Line 1 of", "neither a column 'h' nor a column 'y2'");
        assertRefused(text("Image Index,Finding Label,x_center,y_center,w,h,Score\n"), "has no column 'x'");
        assertRefused(text("Image Index,Finding Label,x,y,w,h\n"), "has no column 'Score'");
        assertRefused(text("Image Index,x,y,w,h,Score\n"), "has no column 'Finding Label'");
        assertRefused(
                text("image_id,class_name,x_min,y_min,x_max,y_max,width,height,score\n"),
                "both a column 'width' and a column 'xmax'");
        assertRefused(text("Image Index,Finding Label,x,x1,y,w,h,Score\n"), "more than one column 'x': [x, x1]");
        assertRefused(
                text("00013118_008.png,Mass,10,20,30,40,0.5\n"), "has no column 'Image Index'", "00013118_008.png");
        assertRefused(text("Image Index|Finding Label|x|y|w|h|Score\n"), "with commas, semicolons or tabs");
    }

    @Test
    void aListWithoutOneUsableLineIsRefusedWithTheReasonOfTheFirst() {
        String header = "Image Index;Finding Label;x;y;w;h;Score\n";
        assertRefused(text(header), "has no box");
        assertRefused(
                text(header + "00013118_008.png;Mass;10,5;20;30;40;0.5\n00013118_008.png;Cough;10;20;30;40;0.5"),
                "No line of",
                "line 2: '10,5' is not a number; a decimal point is needed");
        assertRefused(text(header + "\n00013118_008.png;Mass;;20;30;40;0.5\n"), "line 3: column 3 is blank");
        assertRefused(text(header + "00013118_008.png;Mass;10;20;5;4;high"), "'high' is not a number");
        assertRefused(text(header + "00013118_008.png;Mass;10d;20;5;4;1"), "'10d' is not a number");
        assertRefused(text(header + "00013118_008.png;Mass;10;20;5;4;0x1p-1"), "'0x1p-1' is not a number");
        assertRefused(
                text("Image Index,Finding Label,x1,y1,x2,y2,Score\n00013118_008.png,Mass,10,20,5,4,1"),
                "positive width");
        assertRefused(text(header + "00013118_008.png;Mass;0.1;0.2;0.5;0.4;1"), "fractions of an image");
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> GroundTruth.read(text(header + "00000001_000.png;Mass;1000;1;30;1;1")))
                .withMessageContaining("line 2: the box leaves the image");
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> SplitList.read(text("one.png\ntwo.png")))
                .withMessageContaining("line 1: 'one.png' is not an image index");
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> DataEntries.read(text("Image Index,Finding Labels\n00013118_008.png,Cough")))
                .withMessageContaining("line 2: 'Cough' is not a label of the dataset");
    }

    @Test
    void imagesOfTheSameNameInTwoFoldersAreNotMixed() throws IOException {
        List<LineProblem> problems = new ArrayList<>();

        List<ListedBox> boxes = predictions(
                text(
                        "image,label,x,y,w,h,score\nt/1.png,Mass,1,2,3,4,1\nu/1.png,Mass,1,2,3,4,1\nt/1.png,Mass,1,2,3,5,1"),
                NO_NAMES,
                problems);

        assertThat(boxes).extracting(ListedBox::line).containsExactly(2L, 4L);
        assertThat(problems).singleElement().satisfies(problem -> assertThat(problem.reason())
                .contains("'u/1.png' has the name of an image in another folder, t/"));
    }

    @Test
    void splitListsMayHaveFoldersAndOtherEndings() throws IOException {
        assertThat(SplitList.read(text("\uFEFFimages_001/00000003_000.PNG\n00000003_001.jpg\n\n"))
                        .content())
                .containsExactly("00000003_000.png", "00000003_001.png");
    }

    @Test
    void entriesAreKeptWhateverTheirAgesSexesAndViewsAre() throws IOException {
        Parsed<List<ImageEntry>> parsed = DataEntries.read(text("""
                Image Index;View Position;Patient Age;Patient Sex;Finding Labels
                images/00000001_000.PNG;PA;57.0;Male;Mass | Pleural Thickening
                00000001_001.png;ap;057Y;female;mass,effusion
                00000001_002.png;;;;no finding
                00000001_003.png;LL;old;other;Infiltrate
                00000001_004.png;PA;18M;M;
                00000001_005.png;PA;57.9;M;Atelectasis/Cough
                """));

        assertThat(parsed.content())
                .extracting(ImageEntry::imageIndex, ImageEntry::age, ImageEntry::sex, ImageEntry::view)
                .containsExactly(
                        tuple("00000001_000.png", 57, ImageEntry.Sex.M, ImageEntry.View.PA),
                        tuple("00000001_001.png", 57, ImageEntry.Sex.F, ImageEntry.View.AP),
                        tuple("00000001_002.png", null, ImageEntry.Sex.UNKNOWN, ImageEntry.View.UNKNOWN),
                        tuple("00000001_003.png", null, ImageEntry.Sex.UNKNOWN, ImageEntry.View.UNKNOWN),
                        tuple("00000001_005.png", 57, ImageEntry.Sex.M, ImageEntry.View.PA));
        assertThat(parsed.content().get(0).findings()).containsExactlyInAnyOrder("Mass", "Pleural_Thickening");
        assertThat(parsed.content().get(1).findings()).containsExactlyInAnyOrder("Mass", "Effusion");
        assertThat(parsed.content().get(3).findings()).containsExactly("Infiltration");
        assertThat(parsed.problems())
                .extracting(LineProblem::line, LineProblem::reason)
                .containsExactly(
                        tuple(5L, "the age 'old' cannot be read"),
                        tuple(5L, "the sex 'other' is unknown"),
                        tuple(5L, "the view 'LL' is neither PA nor AP"),
                        tuple(6L, "it has no label"),
                        tuple(7L, "'Cough' is not a label of the dataset"));
        assertThat(DataEntries.read(text("Image Index,Finding Labels\n00000001_000.png,Mass"))
                        .content())
                .as("columns that are not there")
                .hasSize(1);
    }

    private static final String COCO_TRUTH = """
            {"info": {"year": 2017}, "annotations": [
             {"id": 1, "image_id": 7, "category_id": 3, "bbox": [10, 20, 30, 40], "iscrowd": 0, "segmentation": [[1, 2]]},
             {"id": 2, "image_id": 7, "category_id": 3, "bbox": [10, 20, 30], "iscrowd": 0}],
             "images": [{"id": 7, "file_name": "images/00013118_008.PNG", "width": 1024, "height": 1024},
                        {"id": 8, "file_name": "00000001_000.png"}],
             "categories": [{"id": 3, "name": "Pleural Thickening"}]}
            """;

    @Test
    void cocoIsReadAsTruth() throws IOException {
        Parsed<GroundTruth> parsed = GroundTruth.read(text(COCO_TRUTH));

        assertThat(parsed.content().images()).containsExactly("00013118_008.png", "00000001_000.png");
        assertThat(parsed.content().of("00013118_008.png").orElseThrow())
                .containsExactly(new TruthBox(BOX.label(), BOX.box()));
        assertThat(parsed.content().of("00000001_000.png").orElseThrow()).isEmpty();
        assertThat(parsed.problems())
                .extracting(LineProblem::line, LineProblem::reason)
                .containsExactly(
                        tuple(
                                1L,
                                "the box counts, and its mask does not: a polygon must have x and y of three points or more"),
                        tuple(2L, "bbox must be x, y, width and height"));
        assertThat(GroundTruth.read(text(COCO_TRUTH.replace("\"width\": 1024", "\"width\": 512")))
                        .content()
                        .size("00013118_008.png"))
                .isEqualTo(new ImageSize(512, 1024));
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> GroundTruth.read(text(COCO_TRUTH.replace("\"width\": 1024", "\"width\": 39"))))
                .withMessageContaining("the box leaves the image of 39 × 1024 pixels");
        assertThatExceptionOfType(InvalidDatasetException.class)
                .isThrownBy(() -> GroundTruth.read(text(COCO_TRUTH.replace("\"id\": 8", "\"id\": 7"))))
                .withMessageContaining("gives the number 7 to");
    }

    @Test
    void cocoResultsAreReadByTheImagesAndCategoriesOfTheTruth() throws IOException {
        String results = """
                [{"image_id": 7, "category_id": 3, "bbox": [10, 20, 30, 40], "score": 0.5},
                 {"image_id": 9, "category_id": 3, "bbox": [10, 20, 30, 40], "score": 0.5},
                 {"image_id": 7, "category_id": 3, "bbox": [10, 20, 30, 40]}]""";
        List<LineProblem> problems = new ArrayList<>();

        assertThat(predictions(text(results), truth(COCO_TRUTH), problems))
                .containsExactly(new ListedBox(1, BOX.imageIndex(), BOX.label(), BOX.box(), 0.5));

        assertThat(problems)
                .extracting(LineProblem::line, LineProblem::reason)
                .containsExactly(
                        tuple(2L, "there is no image with the id 9 in the COCO file"),
                        tuple(3L, "the score is not a number"));
        assertRefused(text(results), "line 1: there is no image with the id 7 in the list of true boxes");
        assertThat(predictions(
                        text(results.replace("7", "\"00013118_008\"").replace("3,", "\"Mass\",")), NO_NAMES, problems))
                .as("names in place of numbers")
                .extracting(ListedBox::imageIndex, ListedBox::label)
                .contains(tuple("00013118_008.png", "Mass"));
        assertThat(predictions(
                        text(COCO_TRUTH.replace("\"iscrowd\": 0,", "\"score\": 0.5,")), NO_NAMES, new ArrayList<>()))
                .as("one file with its own images")
                .containsExactly(new ListedBox(1, BOX.imageIndex(), BOX.label(), BOX.box(), 0.5));
        assertRefused(text("[{\"image_id\": "), "is not a COCO file");
        assertRefused(text("{\"a\": 1}"), "has no box");
    }

    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    @Test
    void damagedAndHugeFilesAreRefused() throws IOException {
        String header = "Image Index,Finding Label,x,y,w,h,Score\n";
        byte[] whole = packed(header + "00013118_008.png,Mass,10,20,30,40,0.5\n".repeat(2000));
        assertRefused(resource(Arrays.copyOf(whole, whole.length / 2)), "damaged, or not whole");
        assertRefused(resource(Arrays.copyOf(whole, 5)), "damaged, or not whole");
        for (int at : new int[] {3, 20, whole.length / 2, whole.length - 6}) {
            byte[] corrupted = whole.clone();
            corrupted[at] ^= 0x55;
            assertThatExceptionOfType(InvalidDatasetException.class)
                    .as("byte " + at)
                    .isThrownBy(() -> predictions(resource(corrupted), NO_NAMES, new ArrayList<>()));
        }
        byte[] hugeName = new byte[1_000_000];
        Arrays.fill(hugeName, (byte) 'a');
        System.arraycopy(new byte[] {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0}, 0, hugeName, 0, 10);
        assertRefused(resource(hugeName), "damaged, or not whole");
        assertRefused(resource(packed("\n".repeat(11_000_000))), "more than 10000000 characters");
        assertRefused(text(header + "1".repeat(9_000_000)), "is not a table of");
        assertRefused(text(header + "\"" + "1\n".repeat(4_000_000)), "is not a table of");
        assertRefused(text(header + ",1".repeat(1_000_000)), "is not a table of");
        assertRefused(text("x".repeat(9_000_000)), "Line 1 of", "more than 65536 characters");
        assertRefused(text("x,".repeat(30_000)), "has no column 'Image Index'");
        assertRefused(resource(new byte[] {'P', 'K', 3, 4}), "ZIP archive or a workbook");
        assertRefused(resource(new byte[0]), "is empty");
        assertRefused(text("[".repeat(100_000)), "is not a COCO file");
    }
}
