// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.cxrlocalizer.dicom.DicomBuilder.deflated;
import static org.cxrlocalizer.radiograph.RawDicom.EXPLICIT;
import static org.cxrlocalizer.radiograph.RawDicom.IMPLICIT;
import static org.cxrlocalizer.radiograph.RawDicom.bigEndian;
import static org.cxrlocalizer.radiograph.RawDicom.chest;
import static org.cxrlocalizer.radiograph.RawDicom.explicit;
import static org.cxrlocalizer.radiograph.RawDicom.file;
import static org.cxrlocalizer.radiograph.RawDicom.implicit;
import static org.cxrlocalizer.radiograph.RawDicom.join;
import static org.cxrlocalizer.radiograph.RawDicom.meta;
import static org.cxrlocalizer.radiograph.RawDicom.preamble;
import static org.cxrlocalizer.radiograph.RawDicom.text;
import static org.cxrlocalizer.radiograph.RawDicom.with;
import static org.cxrlocalizer.radiograph.RawDicom.words;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.radiograph.RawDicom.Bytes;
import org.cxrlocalizer.radiograph.RawDicom.Part;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that break PS3.5 or PS3.10, and that pydicom, DCMTK or GDCM read: the same picture, and a warning. */
class DicomStructureTest {

    private static final int ITEM = 0xfffee000;
    private static final int ITEM_END = 0xfffee00d;
    private static final int SEQUENCE_END = 0xfffee0dd;
    private static final int UNDEFINED = -1;
    private static final String DEFLATED = TransferSyntax.DEFLATED_EXPLICIT_LITTLE_ENDIAN.uid();

    private static final Radiograph CONTROL = read(file(EXPLICIT, explicit(chest())));

    @Test
    void theControlIsReadWithoutAWarningOfItsStructure() {
        assertThat(CONTROL.warnings())
                .containsExactly("The grey levels are those of the file's first window (linear).");
        for (byte[] same : List.of(
                file(IMPLICIT, implicit(chest())),
                file(RawDicom.BIG_ENDIAN, bigEndian(chest())),
                file(DEFLATED, deflated(explicit(chest()), true)),
                join(file(EXPLICIT, explicit(chest())), new byte[512]),
                explicit(chest()),
                implicit(chest()),
                bigEndian(chest()),
                join(meta(EXPLICIT), explicit(chest())))) {
            assertThat(read(same).samples()).isEqualTo(CONTROL.samples());
            assertThat(read(same).warnings()).isEqualTo(CONTROL.warnings());
        }
    }

    static Stream<Arguments> wrongFiles() {
        byte[] dataSet = explicit(chest());
        byte[] control = file(EXPLICIT, dataSet);
        List<Part> shuffled = new ArrayList<>(chest());
        shuffled.add(2, shuffled.remove(12));
        List<Part> twice = new ArrayList<>(chest());
        twice.add(4, text(0x00080060, "CS", "CR"));
        List<Part> twoViews = new ArrayList<>(chest());
        twoViews.add(8, text(0x00185101, "CS", "AP"));
        byte[] wrongLength = control.clone();
        wrongLength[140] = (byte) (wrongLength[140] + 10);
        return Stream.of(
                Arguments.of(
                        "implicit meta information",
                        join(
                                preamble(),
                                text(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.1")
                                        .implicit(),
                                text(0x00020010, "UI", EXPLICIT).implicit(),
                                dataSet)),
                Arguments.of(
                        "a command behind the meta information",
                        file(EXPLICIT, join(words(0x00000100, "US", 1).explicit(), dataSet))),
                Arguments.of(
                        "a command before the data set",
                        join(
                                new Part(0x00000000, "UL", new Bytes().four(10).toArray()).implicit(),
                                words(0x00000100, "US", 1).implicit(),
                                implicit(chest()))),
                Arguments.of("another order", file(EXPLICIT, explicit(shuffled))),
                Arguments.of("another order, implicit", file(IMPLICIT, implicit(shuffled))),
                Arguments.of("an element twice", file(EXPLICIT, explicit(twice))),
                Arguments.of("an element twice, implicit", file(IMPLICIT, implicit(twice))),
                Arguments.of("an element twice with two values", file(EXPLICIT, explicit(twoViews))),
                Arguments.of("a wrong length of the meta information", wrongLength),
                Arguments.of("no preamble", Arrays.copyOfRange(control, 128, control.length)),
                Arguments.of("no meta information", join(preamble(), dataSet)),
                Arguments.of("no meta information, implicit", join(preamble(), implicit(chest()))),
                Arguments.of(
                        "no transfer syntax",
                        join(
                                preamble(),
                                text(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.1")
                                        .explicit(),
                                dataSet)),
                Arguments.of("implicit and not explicit", file(EXPLICIT, implicit(chest()))),
                Arguments.of("explicit and not implicit", file(IMPLICIT, dataSet)),
                Arguments.of("big and not little endian", file(EXPLICIT, bigEndian(chest()))),
                Arguments.of("little and not big endian", file(RawDicom.BIG_ENDIAN, dataSet)),
                Arguments.of("deflated with a header", file(DEFLATED, deflated(dataSet, false))),
                Arguments.of("not deflated", file(DEFLATED, dataSet)),
                Arguments.of("a line end behind", join(control, ascii("\r\n"))),
                Arguments.of("blanks behind", join(control, ascii(" ".repeat(300)))),
                Arguments.of("a byte behind", join(control, ascii("x"))),
                Arguments.of("a boundary behind", join(control, ascii("\r\n--boundary-of-parts--\r\n"))),
                Arguments.of("half an element behind", join(control, Arrays.copyOf(control, 300))),
                Arguments.of("a delimiter behind", join(control, delimiter(SEQUENCE_END))),
                Arguments.of("a delimiter before", file(EXPLICIT, join(delimiter(ITEM_END), dataSet))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongFiles")
    void aWrongFileIsReadWithAWarning(String kind, byte[] file) {
        assertThatSameWithAWarning(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"  ", "??", "\0\0", "us", "--", "ZZ", "  !", "\u0001\u0002"})
    void aValueRepresentationThatIsNoneIsReadByTheDictionary(String representation) {
        for (int tag : new int[] {0x00080060, 0x00185101, 0x00280010, 0x00281050, 0x7fe00010}) {
            byte[] file = file(EXPLICIT, explicit(chest()));
            String right =
                    switch (tag) {
                        case 0x00280010 -> "US";
                        case 0x00281050 -> "DS";
                        case 0x7fe00010 -> "OW";
                        default -> "CS";
                    };
            int at = RawDicom.find(file, tag, right);
            file[at + 4] = (byte) representation.charAt(0);
            file[at + 5] = (byte) representation.charAt(1);

            assertThatSameWithAWarning(file);
            assertThatSameWithAWarning(join(file, new byte[512]));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"  ", "??", "\0\0"})
    void allValueRepresentationsMayBeMissing(String representation) {
        Bytes dataSet = new Bytes();
        for (Part part : chest()) {
            Part blank = new Part(part.tag(), representation, part.value());
            dataSet.add(part.tag() == 0x7fe00010 ? longForm(blank) : blank.explicit());
        }

        assertThatSameWithAWarning(file(EXPLICIT, dataSet.toArray()));
    }

    private static byte[] longForm(Part part) {
        return new Bytes()
                .tag(part.tag())
                .text(part.representation())
                .two(0)
                .four(part.value().length)
                .add(part.value())
                .toArray();
    }

    @Test
    void textAndNumbersAreReadAsWhatTheyAreWhateverIsStatedOfThem() {
        List<Part> numbersAsText = new ArrayList<>(chest());
        numbersAsText.replaceAll(part -> part.representation().equals("US")
                ? new Part(part.tag(), part.tag() % 2 == 0 ? "UI" : "LO", part.value())
                : part);
        List<Part> textAsNumbers = new ArrayList<>(chest());
        textAsNumbers.replaceAll(
                part -> part.representation().equals("DS") ? new Part(part.tag(), "FL", part.value()) : part);

        assertThatSameWithAWarning(file(EXPLICIT, explicit(numbersAsText)));
        assertThatSameWithAWarning(file(EXPLICIT, explicit(textAsNumbers)));
    }

    @Test
    void whatTheFileDoesNotStateOfItsSamplesIsNoted() {
        for (int tag : new int[] {0x00280102, 0x00280103}) {
            assertThatSameWithAWarning(file(EXPLICIT, explicit(RawDicom.without(chest(), tag))));
        }
        for (int stored : new int[] {0, 17, 65535}) {
            List<Part> parts = with(chest(), words(0x00280101, "US", stored));
            assertThatSameWithAWarning(file(EXPLICIT, explicit(parts)));
            assertThatSameWithAWarning(file(EXPLICIT, explicit(RawDicom.without(parts, 0x00280102))));
        }
        assertThatSameWithAWarning(file(EXPLICIT, explicit(RawDicom.without(chest(), 0x00280101))));
        for (int highBit : new int[] {0, 10, 16, 255}) {
            assertThatSameWithAWarning(file(EXPLICIT, explicit(with(chest(), words(0x00280102, "US", highBit)))));
        }
    }

    static Stream<Arguments> sequences() {
        byte[] explicit = region(true);
        byte[] implicit = region(false);
        byte[] undefined = new Bytes().four(UNDEFINED).toArray();
        byte[] none = new Bytes().four(0).toArray();
        byte[] sq = new Bytes().tag(0x00082218).text("SQ").two(0).toArray();
        byte[] un = new Bytes().tag(0x00082218).text("UN").two(0).toArray();
        byte[] blank = new Bytes().tag(0x00082218).text("  ").toArray();
        byte[] itemEnd = delimiter(ITEM_END);
        byte[] end = delimiter(SEQUENCE_END);
        byte[] shuffled = join(
                text(0x00080104, "LO", "Chest").explicit(),
                text(0x00080100, "SH", "51185008").explicit(),
                text(0x00080102, "SH", "SCT").explicit());
        return Stream.of(
                Arguments.of("as it should be", join(sq, length(item(explicit))), false),
                Arguments.of("of undefined length", join(sq, undefined, openItem(), explicit, itemEnd, end), false),
                Arguments.of("unknown, implicit", join(un, undefined, openItem(), implicit, itemEnd, end), false),
                Arguments.of("implicit items", join(sq, length(item(implicit))), true),
                Arguments.of(
                        "implicit items of undefined length",
                        join(sq, undefined, openItem(), implicit, itemEnd, end),
                        true),
                Arguments.of("unknown, explicit", join(un, undefined, openItem(), explicit, itemEnd, end), true),
                Arguments.of("unknown with a length, explicit", join(un, length(item(explicit))), true),
                Arguments.of("an item in another order", join(sq, length(item(shuffled))), true),
                Arguments.of("all implicit", join(new Bytes().tag(0x00082218).toArray(), length(item(implicit))), true),
                Arguments.of("a second delimiter", join(sq, undefined, item(explicit), end, end), true),
                Arguments.of(
                        "a second delimiter of an item",
                        join(sq, undefined, openItem(), explicit, itemEnd, itemEnd, end),
                        true),
                Arguments.of("no delimiter of an item", join(sq, undefined, openItem(), explicit, end), true),
                Arguments.of("a delimiter in spite of a length", join(sq, length(join(item(explicit), end))), true),
                Arguments.of(
                        "an item's delimiter in spite of its length",
                        join(sq, length(item(join(explicit, itemEnd)))),
                        true),
                Arguments.of("no delimiter before a length's end", join(sq, length(join(openItem(), explicit))), true),
                Arguments.of(
                        "a blank value representation",
                        join(blank, new Bytes().two(item(explicit).length).toArray(), item(explicit)),
                        true),
                Arguments.of("empty", join(sq, none), false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sequences")
    void aWrongSequenceIsReadWithAWarning(String kind, byte[] sequence, boolean wrong) {
        List<Part> parts = RawDicom.without(chest(), 0x00180015);
        byte[] file = file(EXPLICIT, join(explicit(parts.subList(0, 4)), sequence, explicit(parts.subList(4, 20))));

        Radiograph radiograph = read(file);

        assertThat(radiograph.samples()).isEqualTo(CONTROL.samples());
        assertThat(radiograph.claims().chest()).isEqualTo(!kind.equals("empty"));
        if (wrong) {
            assertThat(radiograph.warnings())
                    .hasSizeGreaterThan(CONTROL.warnings().size());
        } else if (!kind.equals("empty")) {
            assertThat(radiograph.warnings()).isEqualTo(CONTROL.warnings());
        }
    }

    @Test
    void anExplicitItemAmongImplicitElementsIsRead() {
        List<Part> parts = RawDicom.without(chest(), 0x00180015);
        byte[] sequence = join(new Bytes().tag(0x00082218).toArray(), length(item(region(true))));

        byte[] file = file(IMPLICIT, join(implicit(parts.subList(0, 4)), sequence, implicit(parts.subList(4, 20))));

        assertThatSameWithAWarning(file);
        assertThat(read(file).claims().chest()).isTrue();
    }

    @Test
    void oddLengthsAreReadAsTheyAreOrWithTheBytePadded() {
        Part odd = new Part(0x00081010, "SH", ascii("ROOM7"));
        byte[] before = explicit(chest().subList(0, 4));
        byte[] behind = explicit(chest().subList(4, 21));

        assertThat(read(file(EXPLICIT, join(before, odd.explicit(), behind))).samples())
                .isEqualTo(CONTROL.samples());
        assertThatSameWithAWarning(file(EXPLICIT, join(before, odd.explicit(), ascii(" "), behind)));
    }

    @Test
    void longRepresentationsWithShortLengthsAreRead() {
        byte[] other =
                new Bytes().tag(0x00091001).text("UN").two(6).text("abcdef").toArray();
        byte[] file = file(EXPLICIT, join(explicit(chest().subList(0, 4)), other, explicit(chest().subList(4, 21))));

        assertThatSameWithAWarning(file);
    }

    /** Which one is true, nothing tells. */
    @Test
    void aPictureOrAPatientStatedTwiceInTwoWaysIsRefused() {
        for (Part second : List.of(
                text(0x00100020, "LO", "P2"),
                text(0x0020000d, "UI", "1.2.3.7"),
                words(0x00280010, "US", RawDicom.HEIGHT / 2),
                text(0x00281050, "DS", "1000"),
                words(0x7fe00010, "OW", new int[RawDicom.WIDTH * RawDicom.HEIGHT]))) {
            List<Part> parts = chest();
            parts.add(second.tag() == 0x7fe00010 ? 20 : 10, second);

            assertThatExceptionOfType(UnreadableImageException.class)
                    .isThrownBy(() -> read(file(EXPLICIT, explicit(parts))))
                    .withMessageContaining("twice, with different values");
        }
    }

    @Test
    void whatResultsTakeOverOfAPatientIsNotStatedTwiceInTwoWays() {
        for (Part first : List.of(
                text(0x00080050, "SH", "A1"),
                text(0x00100021, "LO", "HOSPITAL"),
                text(0x00100030, "DA", "19700101"),
                text(0x00100040, "CS", "F"),
                text(0x00200010, "SH", "S1"))) {
            List<Part> same = with(chest(), first);
            same.add(12, first);
            List<Part> other = with(chest(), first);
            other.add(12, text(first.tag(), first.representation(), "19700102"));

            assertThat(read(file(EXPLICIT, explicit(same))).samples()).isEqualTo(CONTROL.samples());
            assertThatExceptionOfType(UnreadableImageException.class)
                    .isThrownBy(() -> read(file(EXPLICIT, explicit(other))))
                    .withMessageContaining("twice, with different values");
        }
    }

    static Stream<Arguments> secondStatements() {
        return Stream.of(
                Arguments.of(text(0x00180015, "CS", "KNEE"), false, true),
                Arguments.of(text(0x00180015, "CS", "ABDOMEN"), false, true),
                Arguments.of(text(0x00180015, "CS", "THORAX"), true, true),
                Arguments.of(text(0x00185101, "CS", "LL"), true, false),
                Arguments.of(text(0x00185101, "CS", "LATERAL"), true, false),
                Arguments.of(text(0x00185101, "CS", "AP"), true, true),
                Arguments.of(text(0x00200020, "CS", "A\\F"), true, false),
                Arguments.of(text(0x0008103e, "LO", "KNEE"), false, true));
    }

    /** Whichever comes first. */
    @ParameterizedTest
    @MethodSource("secondStatements")
    void aStatementGivenTwiceInTwoWaysIsReadInBoth(Part second, boolean chest, boolean frontal) {
        List<Part> parts = with(chest(), text(0x00200020, "CS", "L\\F"));
        parts = with(parts, text(0x0008103e, "LO", "CHEST"));
        Part first = parts.stream()
                .filter(part -> part.tag() == second.tag())
                .findFirst()
                .orElseThrow();
        for (List<Part> order : List.of(List.of(first, second), List.of(second, first))) {
            List<Part> both = with(parts, order.get(0));
            both.add(12, order.get(1));

            Radiograph radiograph = read(file(EXPLICIT, explicit(both)));

            assertThat(radiograph.samples()).isEqualTo(CONTROL.samples());
            assertThat(radiograph.claims()).isEqualTo(new Claims(chest, frontal));
            assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("both of its different values"));
        }
    }

    @Test
    void aSecondModalityThatIsNoRadiographyIsRefused() {
        List<Part> parts = chest();
        parts.add(12, text(0x00080060, "CS", "CT"));

        assertThatExceptionOfType(NotAFrontalChestRadiographException.class)
                .isThrownBy(() -> read(file(EXPLICIT, explicit(parts))));
    }

    @Test
    @Timeout(20)
    void manyRepetitionsAreNotAllKept() {
        Bytes views = new Bytes();
        for (int i = 0; i < 100_000; i++) {
            views.add(text(0x00185101, "CS", i % 2 == 0 ? "AP" : "PA").explicit());
        }
        byte[] file = file(
                EXPLICIT, join(explicit(chest().subList(0, 8)), views.toArray(), explicit(chest().subList(8, 21))));

        assertThat(read(file).samples()).isEqualTo(CONTROL.samples());
    }

    @Test
    void moreBytesThanPixelsAreNoted() {
        byte[] file = file(EXPLICIT, explicit(with(chest(), words(0x00280010, "US", RawDicom.HEIGHT - 1))));

        assertThat(read(file).warnings()).anyMatch(warning -> warning.contains("32 bytes more"));
    }

    /** What it is may be read of no other bytes. */
    @Test
    void theFormatIsRecognizedByTheBytes() {
        RadiographReader reader = RadiographReaders.reader();
        byte[] control = file(EXPLICIT, explicit(chest()));

        for (byte[] bytes : List.of(
                control,
                Arrays.copyOfRange(control, 128, control.length),
                Arrays.copyOfRange(control, 132, control.length),
                explicit(chest()),
                implicit(chest()),
                bigEndian(chest()))) {
            assertThat(reader.read(bytes).mediaType()).isEqualTo("application/dicom");
        }
    }

    private static void assertThatSameWithAWarning(byte[] file) {
        Radiograph radiograph = read(file);

        assertThat(radiograph.samples()).isEqualTo(CONTROL.samples());
        assertThat(radiograph.warnings())
                .hasSizeGreaterThan(CONTROL.warnings().size())
                .containsAll(CONTROL.warnings())
                .noneMatch(warning -> warning.contains("P1") || warning.contains("Doe"));
    }

    private static Radiograph read(byte[] file) {
        return RadiographReaders.reader().read(file, new ReadOptions(true, 1, false));
    }

    private static byte[] region(boolean explicit) {
        List<Part> code = List.of(
                text(0x00080100, "SH", "51185008"), text(0x00080102, "SH", "SCT"), text(0x00080104, "LO", "Chest"));
        return explicit ? explicit(code) : implicit(code);
    }

    private static byte[] item(byte[] elements) {
        return new Bytes().tag(ITEM).four(elements.length).add(elements).toArray();
    }

    private static byte[] openItem() {
        return new Bytes().tag(ITEM).four(UNDEFINED).toArray();
    }

    private static byte[] delimiter(int tag) {
        return new Bytes().tag(tag).four(0).toArray();
    }

    private static byte[] length(byte[] content) {
        return new Bytes().four(content.length).add(content).toArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
