// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.time.Instant;
import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.DicomWriter;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What documents take over of an image's pixels: grey levels, spacing, shape, frame; the unusable stays behind. */
class PixelTransformsTest {

    @ParameterizedTest
    @CsvSource({"0", "-5", "abc", "0.5"})
    void anUnusableWindowIsNotTakenOver(String width) {
        DataSet state = state(image().add(Attribute.WINDOW_CENTER, "2048").add(Attribute.WINDOW_WIDTH, width));

        assertThat(state.items(Attribute.SOFTCOPY_VOI_LUT_SEQUENCE)).isEmpty();
    }

    @Test
    void aUsableWindowIsTakenOverWithItsShape() {
        DataSet voi = state(image().add(Attribute.WINDOW_CENTER, "2048,5")
                        .add(Attribute.WINDOW_WIDTH, "4000\\0")
                        .add(Attribute.VOI_LUT_FUNCTION, "SIGMOID"))
                .items(Attribute.SOFTCOPY_VOI_LUT_SEQUENCE)
                .get(0);

        assertThat(voi.strings(Attribute.WINDOW_CENTER)).containsExactly("2048.5");
        assertThat(voi.strings(Attribute.WINDOW_WIDTH)).containsExactly("4000");
        assertThat(voi.string(Attribute.VOI_LUT_FUNCTION)).contains("SIGMOID");
    }

    @Test
    void anUnusableTableIsNotCopiedAndOneOfOtherBitsStatesHowManyItHas() {
        int[] entries = new int[4096];
        entries[4095] = 4095;
        DicomBuilder table = new DicomBuilder()
                .add(Attribute.LUT_DESCRIPTOR, 4096, 0xfff0, 16)
                .add(Attribute.LUT_DATA, entries);

        DataSet without = state(image().sequence(Attribute.VOI_LUT_SEQUENCE, new DicomBuilder())
                .sequence(Attribute.MODALITY_LUT_SEQUENCE, new DicomBuilder()));
        DataSet with = state(image().sequence(Attribute.VOI_LUT_SEQUENCE, new DicomBuilder(), table));

        assertThat(without.has(Attribute.SOFTCOPY_VOI_LUT_SEQUENCE)).isFalse();
        assertThat(without.has(Attribute.MODALITY_LUT_SEQUENCE)).isFalse();
        DataSet written = with.items(Attribute.SOFTCOPY_VOI_LUT_SEQUENCE)
                .get(0)
                .items(Attribute.VOI_LUT_SEQUENCE)
                .get(0);
        assertThat(written.words(Attribute.LUT_DESCRIPTOR)).containsExactly(4096, 0xfff0, 12);
        assertThat(written.words(Attribute.LUT_DATA)).isEqualTo(entries);
    }

    @ParameterizedTest
    @CsvSource({"0, 5, false", "2, x, false", "2, -1024, true", "'1,5', 0, true"})
    void aRescaleIsTakenOverIfItIsUsable(String slope, String intercept, boolean taken) {
        DataSet state = state(image().add(Attribute.RESCALE_SLOPE, slope).add(Attribute.RESCALE_INTERCEPT, intercept));

        assertThat(state.has(Attribute.RESCALE_SLOPE)).isEqualTo(taken);
        assertThat(state.has(Attribute.RESCALE_INTERCEPT)).isEqualTo(taken);
    }

    /** PS3.3, section C.8.7.1.1.2. */
    @Test
    void theModalityTableOfAngiographyIsNotTakenOver() {
        DicomBuilder table =
                new DicomBuilder().add(Attribute.LUT_DESCRIPTOR, 2, 0, 16).add(Attribute.LUT_DATA, 0, 65535);
        DicomBuilder image = image().sequence(Attribute.MODALITY_LUT_SEQUENCE, table);

        assertThat(state(image).has(Attribute.MODALITY_LUT_SEQUENCE)).isTrue();
        assertThat(state(image.add(Attribute.MODALITY, "XA")).has(Attribute.MODALITY_LUT_SEQUENCE))
                .isFalse();
    }

    @Test
    void aSecondaryCaptureKeepsSpacingAndAspectRatio() {
        DataSet capture = capture(image().add(Attribute.PIXEL_SPACING, "0.2\\0.1")
                .add(Attribute.IMAGER_PIXEL_SPACING, "0,25\\0,125")
                .add(Attribute.PIXEL_SPACING_CALIBRATION_TYPE, "FIDUCIAL")
                .add(Attribute.PIXEL_SPACING_CALIBRATION_DESCRIPTION, "a coin"));
        DataSet both =
                capture(image().add(Attribute.PIXEL_SPACING, "0.2\\0.1").add(Attribute.PIXEL_ASPECT_RATIO, "2\\1"));
        DataSet oblong = capture(image().add(Attribute.PIXEL_ASPECT_RATIO, "20\\10"));
        DataSet unusable =
                capture(image().add(Attribute.PIXEL_ASPECT_RATIO, "0\\1").add(Attribute.PIXEL_SPACING, "x\\y"));

        assertThat(capture.strings(Attribute.PIXEL_SPACING)).containsExactly("0.2", "0.1");
        assertThat(capture.strings(Attribute.IMAGER_PIXEL_SPACING)).containsExactly("0.25", "0.125");
        assertThat(capture.string(Attribute.PIXEL_SPACING_CALIBRATION_TYPE)).contains("FIDUCIAL");
        assertThat(capture.string(Attribute.PIXEL_SPACING_CALIBRATION_DESCRIPTION))
                .contains("a coin");
        assertThat(both.has(Attribute.PIXEL_SPACING)).isTrue();
        assertThat(both.has(Attribute.PIXEL_ASPECT_RATIO)).isFalse();
        assertThat(oblong.strings(Attribute.PIXEL_ASPECT_RATIO)).containsExactly("20", "10");
        assertThat(unusable.has(Attribute.PIXEL_ASPECT_RATIO)).isFalse();
        assertThat(unusable.has(Attribute.PIXEL_SPACING)).isFalse();
    }

    @Test
    void aPresentationStateHasAUsableSpacingOrAspectRatio() {
        assertThat(area(image().add(Attribute.IMAGER_PIXEL_SPACING, "0,2\\0,1"))
                        .strings(Attribute.PRESENTATION_PIXEL_SPACING))
                .containsExactly("0.2", "0.1");
        assertThat(area(image().add(Attribute.PIXEL_SPACING, "x\\y").add(Attribute.PIXEL_ASPECT_RATIO, "20\\10"))
                        .strings(Attribute.PRESENTATION_PIXEL_ASPECT_RATIO))
                .containsExactly("20", "10");
        assertThat(area(image().add(Attribute.PIXEL_ASPECT_RATIO, "1.5\\1"))
                        .strings(Attribute.PRESENTATION_PIXEL_ASPECT_RATIO))
                .containsExactly("1", "1");
    }

    /** An integer string has no exponent (PS3.5, section 6.2). */
    @ParameterizedTest
    @CsvSource({"12, 10", "200, 100"})
    void aFrameIsReferredToByItsNumber(String frames, int frame) {
        SourceImage source = source(image().add(Attribute.NUMBER_OF_FRAMES, frames), frame);

        assertThat(source.imageReference().build().string(Attribute.REFERENCED_FRAME_NUMBER))
                .contains(String.valueOf(frame));
    }

    @ParameterizedTest
    @CsvSource({"0", "none", "-3", "1.5"})
    void anUnusableNumberOfFramesIsOne(String frames) {
        SourceImage source = source(image().add(Attribute.NUMBER_OF_FRAMES, frames), 1);

        assertThat(source.imageReference().build().has(Attribute.REFERENCED_FRAME_NUMBER))
                .isFalse();
    }

    private static DicomBuilder image() {
        return new DicomBuilder()
                .identified()
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2")
                .add(Attribute.ROWS, 4)
                .add(Attribute.COLUMNS, 4);
    }

    private static SourceImage source(DicomBuilder builder, int frame) {
        return new SourceImage(
                DicomFile.read(builder.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN), 1 << 20)
                        .dataSet(),
                frame);
    }

    private static Header header(DicomBuilder image) {
        return new Header(
                source(image, 1),
                "2.25.1",
                "2.25.2",
                9101,
                "Findings",
                new Device("us", "model", "1", "1"),
                DocumentTime.of(Instant.EPOCH));
    }

    private static DataSet state(DicomBuilder image) {
        return written(PresentationState.of(header(image), List.of(), "remark"));
    }

    private static DataSet area(DicomBuilder image) {
        return state(image).items(Attribute.DISPLAYED_AREA_SELECTION_SEQUENCE).get(0);
    }

    private static DataSet capture(DicomBuilder image) {
        BufferedImage picture = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        return written(SecondaryCapture.of(header(image), picture, "ours", List.of(), PictureFormat.UNCOMPRESSED));
    }

    private static DataSet written(DataSet document) {
        return DicomFile.read(DicomWriter.write(document), 0).dataSet();
    }
}
