// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DicomBuilder;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.radiograph.dicom.DicomVoi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Grey levels against the formulas of PS3.3, written out for each pixel. */
class DicomGreyScaleTest {

    private static final int WIDTH = 20;
    private static final int HEIGHT = 10;
    private static final int[] VALUES =
            IntStream.range(0, WIDTH * HEIGHT).map(i -> 100 + 17 * i).toArray(); // 100 … 3483
    private static final int HIGHEST = 3483;

    @Test
    void withoutValuesOfInterestTheValuesThatOccurAreTheRange() {
        assertThatBrightness(twelveBits(), value -> (value - 100) / (HIGHEST - 100.0));
    }

    @Test
    void aNegativeSlopeTurnsTheOrder() {
        assertThatBrightness(
                twelveBits().add(Attribute.RESCALE_SLOPE, "-2").add(Attribute.RESCALE_INTERCEPT, "5000"),
                value -> (HIGHEST - value) / (HIGHEST - 100.0));
    }

    @ParameterizedTest
    @CsvSource({"1000, 800", "1000.5, 1", "2048, 4096", "-300, 900"})
    void aLinearWindowIsThatOfTheStandard(double center, double width) {
        DicomBuilder file =
                windowed(center, width).add(Attribute.RESCALE_SLOPE, "1.5").add(Attribute.RESCALE_INTERCEPT, "-1024");

        assertThatBrightness(file, value -> {
            double x = 1.5 * value - 1024;
            if (x <= center - 0.5 - (width - 1) / 2) {
                return 0;
            }
            return x > center - 0.5 + (width - 1) / 2 ? 1 : (x - (center - 0.5)) / (width - 1) + 0.5;
        });
    }

    @Test
    void anExactWindowIsThatOfTheStandard() {
        assertThatBrightness(
                windowed(1000, 0.5).add(Attribute.VOI_LUT_FUNCTION, "LINEAR_EXACT"),
                value -> value <= 999.75 ? 0 : value > 1000.25 ? 1 : (value - 1000) / 0.5 + 0.5);
        assertThatBrightness(
                windowed(1000, 700).add(Attribute.VOI_LUT_FUNCTION, "LINEAR_EXACT"),
                value -> value <= 650 ? 0 : value > 1350 ? 1 : (value - 1000) / 700 + 0.5);
    }

    @Test
    void aSigmoidIsThatOfTheStandard() {
        assertThatBrightness(
                windowed(1000, 700).add(Attribute.VOI_LUT_FUNCTION, "SIGMOID"),
                value -> 1 / (1 + Math.exp(-4 * (value - 1000) / 700)));
    }

    @Test
    void aWindowWithoutWidthIsPassedOver() {
        Radiograph radiograph = read(
                twelveBits().add(Attribute.WINDOW_CENTER, "1000").add(Attribute.WINDOW_WIDTH, "0"), DicomVoi.FIRST);

        assertThat(radiograph.samples()[0]).isZero();
        assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("no width"));
    }

    @ParameterizedTest
    @CsvSource({
        "0\\1000, 0\\700",
        "\\1000, \\700",
        "50\\1000, -1\\700",
        "abc\\1000, 400\\700",
        "1\\2\\1000, 0\\0\\700",
        "'2,048\\1000', '4,096\\700'"
    })
    void theFirstUsableWindowIsTaken(String centers, String widths) {
        Radiograph radiograph = read(
                twelveBits().add(Attribute.WINDOW_CENTER, centers).add(Attribute.WINDOW_WIDTH, widths), DicomVoi.FIRST);

        assertThat(radiograph.samples())
                .isEqualTo(read(windowed(1000, 700), DicomVoi.FIRST).samples());
        assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("first window is unusable"));
    }

    /** As 2.048 and 4.096, almost all of the picture would be white. */
    @ParameterizedTest
    @CsvSource({"'2,048', '4,096'", "'2,048', 4096", "2048, '4,096'", "'2,048', '1,234,567'"})
    void aWindowWhoseCommasMayBeThoseOfThousandsIsIgnoredWithAWarning(String center, String width) {
        DicomBuilder file = twelveBits().add(Attribute.WINDOW_CENTER, center).add(Attribute.WINDOW_WIDTH, width);

        assertThatBrightness(file, level -> (level - 100) / (HIGHEST - 100.0));
        assertThat(read(file, DicomVoi.FIRST).warnings()).anyMatch(warning -> warning.contains("one of thousands"));
    }

    @Test
    void anInterceptWhoseCommaMayBeThatOfThousandsIsIgnoredWithAWarning() {
        DicomBuilder file =
                windowed(1000, 700).add(Attribute.RESCALE_INTERCEPT, "-1,024").add(Attribute.RESCALE_SLOPE, "1");

        Radiograph radiograph = read(file, DicomVoi.FIRST);

        assertThat(radiograph.samples())
                .isEqualTo(read(windowed(1000, 700), DicomVoi.FIRST).samples());
        assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("one of thousands"));
    }

    @ParameterizedTest
    @CsvSource({"'1000,125', 800, 1000.125, 800", "'0,125', '4000,5', 0.125, 4000.5", "'999,125', '1,5', 999.125, 1.5"})
    void otherCommasOfAWindowAreDecimal(String center, String width, double readCenter, double readWidth) {
        assertThat(read(
                                twelveBits()
                                        .add(Attribute.WINDOW_CENTER, center)
                                        .add(Attribute.WINDOW_WIDTH, width),
                                DicomVoi.FIRST)
                        .samples())
                .isEqualTo(read(windowed(readCenter, readWidth), DicomVoi.FIRST).samples());
    }

    @ParameterizedTest
    @CsvSource({"0, 1, LINEAR", "60000, 10, LINEAR", "-9000, 50, LINEAR_EXACT", "90000, 100, SIGMOID"})
    void aWindowInWhichNoPixelLiesIsPassedOver(double center, double width, String function) {
        Radiograph radiograph = read(windowed(center, width).add(Attribute.VOI_LUT_FUNCTION, function), DicomVoi.FIRST);

        assertThat(radiograph.samples())
                .isEqualTo(read(twelveBits(), DicomVoi.FIRST).samples());
        assertThat(radiograph.warnings())
                .anyMatch(warning -> warning.contains("makes the whole picture one grey"))
                .noneMatch(warning -> warning.contains("are those of the file's first window"));
    }

    @Test
    void aTableThatMakesThePictureOneGreyIsPassedOver() {
        for (DicomBuilder table : List.of(
                new DicomBuilder().add(Attribute.LUT_DESCRIPTOR, 2, 100, 8).add(Attribute.LUT_DATA, 77, 77),
                new DicomBuilder().add(Attribute.LUT_DESCRIPTOR, 2, 60000, 8).add(Attribute.LUT_DATA, 0, 255))) {
            Radiograph radiograph = read(twelveBits().sequence(Attribute.VOI_LUT_SEQUENCE, table), DicomVoi.FIRST);

            assertThat(radiograph.samples())
                    .isEqualTo(read(twelveBits(), DicomVoi.FIRST).samples());
            assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("one grey"));
        }
    }

    @Test
    void valuesOfInterestMayBeOff() {
        Radiograph radiograph = read(windowed(1000, 700), DicomVoi.NONE);

        assertThat(radiograph.samples())
                .isEqualTo(read(twelveBits(), DicomVoi.FIRST).samples());
        assertThat(radiograph.warnings()).noneMatch(warning -> warning.contains("window"));
    }

    @Test
    void aWindowOrATableAloneCanBeRequested() {
        DicomBuilder both = windowed(1000, 700)
                .sequence(
                        Attribute.VOI_LUT_SEQUENCE,
                        new DicomBuilder()
                                .add(Attribute.LUT_DESCRIPTOR, 2, 2000, 8)
                                .add(Attribute.LUT_DATA, 0, 255));

        assertThat(read(both, DicomVoi.WINDOW).samples())
                .isEqualTo(read(windowed(1000, 700), DicomVoi.FIRST).samples());
        assertThat(read(both, DicomVoi.TABLE).warnings()).anyMatch(warning -> warning.contains("VOI table"));
        assertThat(read(both, DicomVoi.TABLE).samples()).containsOnly((short) 0, (short) 0xffff);
        assertThat(read(windowed(1000, 700), DicomVoi.TABLE).samples())
                .isEqualTo(read(twelveBits(), DicomVoi.NONE).samples());
    }

    @Test
    void aTableOfInterestIsApplied() {
        int[] entries = IntStream.range(0, 1000).map(i -> i * i / 1000).toArray();
        DicomBuilder file = twelveBits()
                .sequence(
                        Attribute.VOI_LUT_SEQUENCE,
                        new DicomBuilder()
                                .add(Attribute.LUT_DESCRIPTOR, 1000, 500, 10)
                                .add(Attribute.LUT_DATA, entries));

        assertThatBrightness(file, value -> entries[(int) Math.max(0, Math.min(999, value - 500))] / 1023.0);
        assertThat(read(file, DicomVoi.FIRST).warnings()).anyMatch(warning -> warning.contains("VOI table"));
    }

    @Test
    void aModalityTableComesBeforeTheWindow() {
        int[] entries = IntStream.range(0, 4096).map(i -> 4095 - i).toArray();
        DicomBuilder file = windowed(2000, 1000)
                .sequence(
                        Attribute.MODALITY_LUT_SEQUENCE,
                        new DicomBuilder()
                                .add(Attribute.LUT_DESCRIPTOR, 4096, 0, 16)
                                .add(Attribute.LUT_DATA, entries));

        assertThatBrightness(file, value -> Math.max(0, Math.min(1, (4095 - value - 1999.5) / 999 + 0.5)));
    }

    @Test
    void lowValuesThatAreWhiteAreInvertedLast() {
        DicomBuilder file = windowed(1000, 700).add(Attribute.PHOTOMETRIC_INTERPRETATION, "MONOCHROME1");

        assertThatBrightness(file, value -> 1 - Math.max(0, Math.min(1, (value - 999.5) / 699 + 0.5)));
        assertThatBrightness(
                file.add(Attribute.PRESENTATION_LUT_SHAPE, "INVERSE"),
                value -> 1 - Math.max(0, Math.min(1, (value - 999.5) / 699 + 0.5)));
    }

    @ParameterizedTest
    @CsvSource({"MONOCHROME1, IDENTITY", "MONOCHROME2, INVERSE"})
    void aContradictionIsNoted(String photometric, String shape) {
        DicomBuilder file = twelveBits()
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, photometric)
                .add(Attribute.PRESENTATION_LUT_SHAPE, shape);

        assertThatBrightness(file, value -> (HIGHEST - value) / (HIGHEST - 100.0));
        assertThat(read(file, DicomVoi.FIRST).warnings()).anyMatch(warning -> warning.contains("contradict"));
    }

    /** Each of them has lower bits that some pixel has. */
    @ParameterizedTest
    @CsvSource({"0, 7579", "0, 4196", "0, 61540", "1, 2140", "1, 4196", "1, 61540"})
    void paddingThatTheStoredBitsCannotHoldMasksNothing(int signed, int padding) {
        DicomBuilder file = twelveBits().add(Attribute.PIXEL_REPRESENTATION, signed);
        short[] expected = read(file, DicomVoi.FIRST).samples();

        Radiograph radiograph = read(file.add(Attribute.PIXEL_PADDING_VALUE, padding), DicomVoi.FIRST);

        assertThat(radiograph.samples()).isEqualTo(expected);
        assertThat(radiograph.warnings())
                .anySatisfy(
                        warning -> assertThat(warning).contains("padding value").contains("ignored"));
    }

    @Test
    void aPaddingLimitThatTheStoredBitsCannotHoldIsPassedOver() {
        DicomBuilder file = twelveBits().add(Attribute.PIXEL_PADDING_VALUE, 100);
        short[] expected = read(file, DicomVoi.FIRST).samples();

        Radiograph radiograph = read(file.add(Attribute.PIXEL_PADDING_RANGE_LIMIT, 65535), DicomVoi.FIRST);

        assertThat(radiograph.samples()).isEqualTo(expected);
        assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("range limit"));
    }

    @Test
    void paddingWithinSignedValuesIsBlack() {
        DicomBuilder file = twelveBits()
                .add(Attribute.PIXEL_REPRESENTATION, 1)
                .add(Attribute.PIXEL_PADDING_VALUE, 0x10000 - 2048)
                .add(Attribute.PIXEL_PADDING_RANGE_LIMIT, 0x10000 - 1200);

        Radiograph radiograph = read(file, DicomVoi.FIRST);

        for (int i = 0; i < VALUES.length; i++) {
            int value = VALUES[i] >= 2048 ? VALUES[i] - 4096 : VALUES[i];
            if (value <= -1200) {
                assertThat(radiograph.samples()[i]).isZero();
            } else {
                assertThat((radiograph.samples()[i] & 0xffff) / 65535.0)
                        .isCloseTo((value + 1191) / (2038 + 1191.0), within(1e-4));
            }
        }
        assertThat(radiograph.warnings()).noneMatch(warning -> warning.contains("padding"));
    }

    @Test
    void paddingThatIsMostOfTheImageIsNotedAndAllOfItIsNone() {
        DicomBuilder file = twelveBits();
        short[] whole = read(file, DicomVoi.FIRST).samples();
        file.add(Attribute.PIXEL_PADDING_VALUE, 0).add(Attribute.PIXEL_PADDING_RANGE_LIMIT, 3000);

        Radiograph most = read(file, DicomVoi.FIRST);
        Radiograph all = read(file.add(Attribute.PIXEL_PADDING_RANGE_LIMIT, 4095), DicomVoi.FIRST);

        assertThat(most.samples()[0]).isZero();
        assertThat(most.warnings()).anyMatch(warning -> warning.contains("More than half"));
        assertThat(all.samples()).isEqualTo(whole);
        assertThat(all.warnings()).anyMatch(warning -> warning.contains("All pixels"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MONOCHROME1", "MONOCHROME2"})
    void paddingIsBlackAndCountsForNoRange(String photometric) {
        DicomBuilder file = twelveBits()
                .add(Attribute.PHOTOMETRIC_INTERPRETATION, photometric)
                .add(Attribute.PIXEL_PADDING_VALUE, HIGHEST)
                .add(Attribute.PIXEL_PADDING_RANGE_LIMIT, HIGHEST - 20); // the two highest

        int highest = HIGHEST - 34;
        assertThatBrightness(file, value -> {
            double level = (value - 100) / (highest - 100);
            return value > highest ? 0 : photometric.equals("MONOCHROME1") ? 1 - level : level;
        });
    }

    /** Empty; of two numbers; too short; without entries; all zero. */
    @Test
    void unusableTablesArePassedOver() {
        List<DicomBuilder> items = List.of(
                new DicomBuilder(),
                new DicomBuilder().add(Attribute.LUT_DESCRIPTOR, 4096, 0).add(Attribute.LUT_DATA, new int[4096]),
                new DicomBuilder().add(Attribute.LUT_DESCRIPTOR, 1000, 500, 10).add(Attribute.LUT_DATA, 1, 2, 3),
                new DicomBuilder().add(Attribute.LUT_DESCRIPTOR, 1000, 500, 10),
                new DicomBuilder().add(Attribute.LUT_DESCRIPTOR, 16, 0, 16).add(Attribute.LUT_DATA, new int[16]));
        for (Attribute sequence : List.of(Attribute.VOI_LUT_SEQUENCE, Attribute.MODALITY_LUT_SEQUENCE)) {
            for (DicomBuilder item : items) {
                DicomBuilder file = twelveBits().sequence(sequence, item);

                assertThatBrightness(file, value -> (value - 100) / (HIGHEST - 100.0));
                assertThat(read(file, DicomVoi.FIRST).warnings()).anyMatch(warning -> warning.contains("unusable"));
            }
        }
    }

    @Test
    void theFirstUsableTableIsTaken() {
        DicomBuilder file = twelveBits()
                .sequence(
                        Attribute.VOI_LUT_SEQUENCE,
                        new DicomBuilder(),
                        new DicomBuilder()
                                .add(Attribute.LUT_DESCRIPTOR, 2, 2000, 8)
                                .add(Attribute.LUT_DATA, 0, 255));

        assertThatBrightness(file, value -> value > 2000 ? 1 : 0);
    }

    /** As Agfa writes them: 16 bits are stated, and 12 are there; or the reverse; or no number of bits at all. */
    @ParameterizedTest
    @CsvSource({"16, 4095", "16, 4000", "16, 1000", "12, 65535", "8, 4095", "0, 4095", "99, 4095"})
    void aTableThatStatesOtherBitsIsScaledByItsLargestEntry(int stated, int largest) {
        int[] entries = IntStream.range(0, 4096).map(i -> i * largest / 4095).toArray();
        DicomBuilder file = twelveBits()
                .sequence(
                        Attribute.VOI_LUT_SEQUENCE,
                        new DicomBuilder()
                                .add(Attribute.LUT_DESCRIPTOR, 4096, 0, stated)
                                .add(Attribute.LUT_DATA, entries));

        assertThatBrightness(file, value -> entries[(int) value] / (double) largest);
        assertThat(read(file, DicomVoi.FIRST).warnings())
                .anyMatch(warning -> warning.contains("%d that it states".formatted(stated)));
    }

    /** PS3.3, section C.8.7.1.1.2. */
    @ParameterizedTest
    @CsvSource({
        "XA, 1.2.840.10008.5.1.4.1.1.7",
        "xa, 1.2.840.10008.5.1.4.1.1.7",
        "Rf, 1.2.840.10008.5.1.4.1.1.7",
        "RF, 1.2.840.10008.5.1.4.1.1.7",
        "DX, 1.2.840.10008.5.1.4.1.1.12.1"
    })
    void theModalityTableOfAngiographyIsNotForDisplay(String modality, String sopClass) {
        int[] entries = IntStream.range(0, 4096).map(i -> 4095 - i).toArray();
        DicomBuilder file = twelveBits()
                .add(Attribute.MODALITY, modality)
                .add(Attribute.SOP_CLASS_UID, sopClass)
                .sequence(
                        Attribute.MODALITY_LUT_SEQUENCE,
                        new DicomBuilder()
                                .add(Attribute.LUT_DESCRIPTOR, 4096, 0, 12)
                                .add(Attribute.LUT_DATA, entries));

        assertThatBrightness(file, value -> (value - 100) / (HIGHEST - 100.0));
        assertThat(read(file, DicomVoi.FIRST).warnings()).anyMatch(warning -> warning.contains("not for display"));
    }

    @ParameterizedTest
    @CsvSource({
        "RESCALE_SLOPE, 0",
        "RESCALE_SLOPE, _",
        "RESCALE_SLOPE, NaN",
        "RESCALE_INTERCEPT, none",
        "WINDOW_CENTER, _",
        "WINDOW_CENTER, abc",
        "WINDOW_WIDTH, 100",
        "WINDOW_WIDTH, -5",
        "WINDOW_WIDTH, 1e999",
        "PIXEL_SPACING, 0",
        "PIXEL_SPACING, 0.1\\",
        "PIXEL_SPACING, 0.1 mm\\0.1 mm",
        "IMAGER_PIXEL_SPACING, -1\\-1",
        "PIXEL_ASPECT_RATIO, 1:1",
        "PIXEL_ASPECT_RATIO, 0\\0",
        "NUMBER_OF_FRAMES, 0",
        "NUMBER_OF_FRAMES, -1",
        "NUMBER_OF_FRAMES, _",
        "NUMBER_OF_FRAMES, one",
        "NUMBER_OF_FRAMES, 1.5",
        "PRESENTATION_LUT_SHAPE, LIN OD",
        "PIXEL_SPACING, '0,143\\0,143'"
    })
    void anUnusableNumberIsPassedOverWithAWarning(Attribute attribute, String value) {
        DicomBuilder file = twelveBits().add(attribute, value.replace('_', ' '));

        assertThatBrightness(file, level -> (level - 100) / (HIGHEST - 100.0));
        assertThat(read(file, DicomVoi.FIRST).warnings())
                .isNotEmpty()
                .allMatch(warning -> warning.contains("ignored") || warning.contains("read as a point"));
    }

    @Test
    void aDecimalCommaIsReadAsAPoint() {
        assertThat(read(twelveBits().add(Attribute.PIXEL_SPACING, "0,143\\0,145"), DicomVoi.FIRST)
                        .spacing())
                .isEqualTo(new PixelSpacing(0.145, 0.143, PixelSpacing.Plane.UNSTATED));
        assertThat(read(
                                twelveBits()
                                        .add(Attribute.WINDOW_CENTER, "1000,5")
                                        .add(Attribute.WINDOW_WIDTH, "800"),
                                DicomVoi.FIRST)
                        .samples())
                .isEqualTo(read(windowed(1000.5, 800), DicomVoi.FIRST).samples());
    }

    private static DicomBuilder twelveBits() {
        return DicomRadiographTest.pixels(DicomRadiographTest.chest(16, 12, 11, 0), 16, VALUES)
                .add(Attribute.ROWS, HEIGHT)
                .add(Attribute.COLUMNS, WIDTH);
    }

    private static DicomBuilder windowed(double center, double width) {
        return twelveBits().add(Attribute.WINDOW_CENTER, center + "\\99").add(Attribute.WINDOW_WIDTH, width + "\\99");
    }

    private static Radiograph read(DicomBuilder file, DicomVoi voi) {
        return DicomRadiograph.read(
                file.file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN),
                null,
                "",
                ReadOptions.DEFAULT,
                RadiographReaders.limits(new RadiographProperties(DataSize.ofMegabytes(1), 1_000_000, voi)));
    }

    private static void assertThatBrightness(DicomBuilder file, DoubleUnaryOperator brightness) {
        Radiograph radiograph = read(file, DicomVoi.FIRST);
        for (int i = 0; i < VALUES.length; i++) {
            assertThat(radiograph.samples()[i] & 0xffff)
                    .isCloseTo((int) Math.round(65535 * brightness.applyAsDouble(VALUES[i])), within(1));
        }
    }
}
