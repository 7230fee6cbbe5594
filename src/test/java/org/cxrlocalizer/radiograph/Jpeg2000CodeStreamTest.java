// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.cxrlocalizer.Samples;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/**
 * Lossless code streams of a 64 × 60 picture whose values are a formula, made by OpenJPEG: four tiles in three parts each; order
 * changes with all markers; three layers. Those with packed headers were made of the first, and OpenJPEG reads them.
 */
class Jpeg2000CodeStreamTest {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 60;
    private static final byte[] END = {(byte) 0xff, (byte) 0xd9};

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tile-parts",
                "progressions",
                "layers",
                "packed-headers-tile",
                "packed-headers-main",
                "many-packets"
            })
    void everyStructureIsReadToTheBit(String name) {
        Radiograph radiograph = read(stream(name));

        assertThat(radiograph.samples()).isEqualTo(uncompressed());
        assertThat(radiograph.warnings()).isEmpty();
    }

    /** How many parts each of the three states, where 0 leaves it open. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 0, 3", "3, 0, 0", "0, 3, 0", "2, 2, 2", "1, 2, 3", "9, 9, 9"})
    void tilePartsNeedNotBeCounted(int first, int second, int third) {
        byte[] stream = stream("tile-parts");
        int[] counts = {first, second, third};
        forEachPart(stream, (at, bytes) -> bytes.put(at + 11, (byte) counts[bytes.get(at + 10)]));

        assertThat(read(stream).samples()).isEqualTo(uncompressed());
    }

    @Test
    void theLastTilePartMayRunToTheEnd() {
        for (String name : List.of("tile-parts", "layers", "progressions")) {
            byte[] stream = withoutLastLength(stream(name));

            assertThat(read(stream).samples()).isEqualTo(uncompressed());
            assertThat(read(joined(stream, new byte[] {0, 0, 17, 0})).samples()).isEqualTo(uncompressed());
        }
    }

    @Test
    void partsOfTilesMayAlternate() {
        byte[] stream = stream("tile-parts");
        forEachPart(stream, (at, bytes) -> bytes.put(at + 11, (byte) 0));
        List<byte[]> parts = parts(stream);
        parts.subList(1, 13).sort(Comparator.comparingInt(part -> part[10]));

        assertThat(read(joined(parts.toArray(byte[][]::new))).samples()).isEqualTo(uncompressed());
    }

    @Test
    void bytesBehindTheEndDoNoHarm() {
        for (String name : List.of("tile-parts", "progressions", "layers")) {
            Radiograph radiograph = read(joined(stream(name), new byte[] {13, 10, (byte) 0xff, (byte) 0x90, 0, 10}));

            assertThat(radiograph.samples()).isEqualTo(uncompressed());
            assertThat(radiograph.warnings()).isEmpty();
        }
    }

    @Test
    void aMissingEndMarkerIsNoted() {
        byte[] stream = stream("tile-parts");

        Radiograph radiograph = read(Arrays.copyOf(stream, stream.length - 2));

        assertThat(radiograph.samples()).isEqualTo(uncompressed());
        assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("no end marker"));
    }

    /** Whether the cut is mended with an end marker, and the last length says so or not. */
    @ParameterizedTest
    @ValueSource(strings = {"tile-parts", "progressions", "packed-headers-tile"})
    void aStreamCutAnywhereIsRefused(String name) {
        byte[] stream = stream(name);
        for (int length = 0; length < stream.length - 2; length += 1 + length / 90) {
            byte[] cut = Arrays.copyOf(stream, length);
            assertThatIsRefused(cut);
            assertThatIsRefused(joined(cut, END));
            assertThatIsRefused(withoutLastLength(cut));
            assertThatIsRefused(joined(withoutLastLength(cut), END));
        }
    }

    @Test
    void aMissingTileOrTilePartIsRefused() {
        byte[] stream = stream("tile-parts");
        for (boolean counted : new boolean[] {false, true}) {
            if (!counted) {
                forEachPart(stream, (at, bytes) -> bytes.put(at + 11, (byte) 0));
            }
            for (int missing = 1; missing <= 12; missing++) {
                List<byte[]> parts = parts(stream);
                parts.remove(missing);
                assertThatIsRefused(joined(parts.toArray(byte[][]::new)));
            }
            List<byte[]> parts = parts(stream);
            parts.subList(4, 7).clear();
            assertThatIsRefused(joined(parts.toArray(byte[][]::new)));
        }
    }

    /** Packets of the three layers have lengths in the PLT segment, three a layer; a layer in part is damage. */
    @Test
    void fewerLayersAreCoarserAndNoted() {
        byte[] stream = stream("layers");
        int[] lengths = packetLengths(stream);
        int data = stream.length - 2 - Arrays.stream(lengths).sum();
        assertThat(lengths).hasSize(9);
        for (int packets = 1; packets < 9; packets++) {
            int length = data + Arrays.stream(lengths).limit(packets).sum();
            byte[] cut = Arrays.copyOf(stream, length);
            forEachPart(cut, (at, bytes) -> bytes.putInt(at + 6, length - at));
            byte[] ended = joined(cut, END);
            if (packets % 3 != 0) {
                assertThatIsRefused(ended);
            } else {
                Radiograph radiograph = read(ended);
                assertThat(radiograph.warnings()).anyMatch(warning -> warning.contains("quality layers"));
                short[] exact = uncompressed();
                assertThat(IntStream.range(0, exact.length)
                                .map(i -> Math.abs(
                                        (exact[i] & 0xffff) - (radiograph.samples()[i] & 0xffff))))
                        .allMatch(difference -> difference < 65536 / 4);
            }
            assertThatIsRefused(cut);
            assertThatIsRefused(withoutLastLength(cut));
        }
    }

    /** Its length stated, left open, or in 64 bits. */
    @ParameterizedTest
    @ValueSource(ints = {2, 0, 1})
    void theCodeStreamOfAJp2FileIsRead(int length) {
        Radiograph radiograph = read(jp2(new byte[0], length, stream("tile-parts")));

        assertThat(radiograph.samples()).isEqualTo(uncompressed());
        assertThat(radiograph.warnings()).singleElement().asString().contains("JP2 file");
    }

    @Test
    void aJp2FileWithAPaletteOrColoursInAnotherOrderIsRefused() {
        byte[] stream = stream("tile-parts");
        assertThatIsRefused(jp2(box("pclr", new byte[10]), 2, stream));
        assertThatIsRefused(jp2(box("cdef", new byte[] {0, 1, 0, 0, 0, 0, 0, 3}), 2, stream));

        assertThat(read(jp2(box("cdef", new byte[] {0, 1, 0, 0, 0, 0, 0, 1}), 2, stream))
                        .samples())
                .isEqualTo(uncompressed());
    }

    @Test
    void aJp2FileCutAnywhereIsRefused() {
        byte[] file = jp2(new byte[0], 2, stream("tile-parts"));
        byte[] open = jp2(new byte[0], 0, stream("tile-parts"));
        for (int length = 1; length < file.length - 2; length += 1 + length / 90) {
            assertThatIsRefused(Arrays.copyOf(file, length));
            assertThatIsRefused(Arrays.copyOf(open, length));
        }
    }

    /** @param length as the box of the code stream states it: 0 and 1 are left open and 64 bits, all else is right */
    private static byte[] jp2(byte[] inHeader, int length, byte[] stream) {
        byte[] codeStream = box("jp2c", stream);
        if (length == 1) {
            codeStream = joined(Arrays.copyOf(codeStream, 8), new byte[8], stream);
            ByteBuffer.wrap(codeStream).putInt(0, 1).putLong(8, codeStream.length);
        } else if (length == 0) {
            ByteBuffer.wrap(codeStream).putInt(0, 0);
        }
        return joined(
                box("jP  ", new byte[] {13, 10, (byte) 0x87, 10}),
                box("ftyp", new byte[12]),
                box("jp2h", joined(box("ihdr", new byte[14]), inHeader)),
                codeStream);
    }

    private static byte[] box(String type, byte[] content) {
        return joined(
                ByteBuffer.allocate(4).putInt(8 + content.length).array(),
                type.getBytes(StandardCharsets.ISO_8859_1),
                content);
    }

    /** Wavelets take more than other images of this size do, and give it back. */
    @Test
    void theMemoryOfTheDecoderIsCountedBeforeItDecodes() {
        long few = 8L * WIDTH * HEIGHT;
        long enough = few + 12L * WIDTH * HEIGHT + 3L * (stream("tile-parts").length + 1);

        assertThatExceptionOfType(ImageTooLargeException.class)
                .isThrownBy(() -> read(file(stream("tile-parts")), new ImageMemory(few).open()));

        ImageMemory memory = new ImageMemory(enough);
        read(file(stream("tile-parts")), memory.open());
        assertThat(memory.taken()).isEqualTo(few);
    }

    @Test
    void aDamagedStreamIsReadOrRefusedButNothingElse() {
        Random random = new Random(3);
        for (int run = 0; run < 1500; run++) {
            byte[] stream = stream(List.of("tile-parts", "progressions", "layers", "packed-headers-main")
                    .get(run % 4));
            for (int i = 0; i <= random.nextInt(3); i++) {
                stream[random.nextInt(run % 3 == 0 ? 200 : stream.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(read(stream).samples()).hasSize(WIDTH * HEIGHT);
            } catch (UnreadableImageException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static void assertThatIsRefused(byte[] stream) {
        assertThatExceptionOfType(UnreadableImageException.class)
                .as("%d bytes", stream.length)
                .isThrownBy(() -> read(stream));
    }

    private static byte[] stream(String name) {
        return Samples.content("dicom/" + name + ".j2k");
    }

    private static Radiograph read(byte[] stream) {
        return read(file(stream), new ImageMemory(Long.MAX_VALUE).open());
    }

    private static byte[] file(byte[] stream) {
        return DicomRadiographTest.chest(16, 12, 11, 0)
                .add(Attribute.COLUMNS, WIDTH)
                .add(Attribute.ROWS, HEIGHT)
                .fragments(new int[0], stream)
                .file(TransferSyntax.JPEG_2000_LOSSLESS);
    }

    private static Radiograph read(byte[] file, ImageMemory.Reservation memory) {
        RadiographProperties properties = new RadiographProperties(DataSize.ofMegabytes(1), 1_000_000);
        return DicomRadiograph.read(file, null, "", ReadOptions.DEFAULT, new ReadLimits(properties, memory));
    }

    private static short[] uncompressed() {
        int[] values = IntStream.range(0, WIDTH * HEIGHT)
                .map(i -> 13 * (i % WIDTH) + 29 * (i / WIDTH) + (i % WIDTH) * (i / WIDTH) % 97 * 5)
                .toArray();
        byte[] file = DicomRadiographTest.pixels(DicomRadiographTest.chest(16, 12, 11, 0), 16, values)
                .add(Attribute.COLUMNS, WIDTH)
                .add(Attribute.ROWS, HEIGHT)
                .file(TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
        return read(file, new ImageMemory(Long.MAX_VALUE).open()).samples();
    }

    private static void forEachPart(byte[] stream, BiConsumer<Integer, ByteBuffer> change) {
        ByteBuffer bytes = ByteBuffer.wrap(stream);
        int at = firstPart(stream);
        while (at + 12 <= stream.length && bytes.getShort(at) == (short) 0xff90) {
            int length = bytes.getInt(at + 6);
            change.accept(at, bytes);
            at = length <= 0 ? stream.length : at + Math.min(length, stream.length - at);
        }
    }

    private static int firstPart(byte[] stream) {
        ByteBuffer bytes = ByteBuffer.wrap(stream);
        int at = 2;
        while (at + 4 <= stream.length && bytes.getShort(at) != (short) 0xff90) {
            at += 2 + (bytes.getShort(at + 2) & 0xffff);
        }
        return at;
    }

    private static byte[] withoutLastLength(byte[] stream) {
        byte[] result = stream.clone();
        List<Integer> starts = new ArrayList<>();
        forEachPart(result, (at, bytes) -> starts.add(at));
        if (!starts.isEmpty()) {
            ByteBuffer.wrap(result).putInt(starts.get(starts.size() - 1) + 6, 0);
        }
        return result;
    }

    /** The main header, the tile-parts and the end. */
    private static List<byte[]> parts(byte[] stream) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(Arrays.copyOf(stream, firstPart(stream)));
        forEachPart(stream, (at, bytes) -> parts.add(Arrays.copyOfRange(stream, at, at + bytes.getInt(at + 6))));
        parts.add(END);
        return parts;
    }

    private static int[] packetLengths(byte[] stream) {
        ByteBuffer bytes = ByteBuffer.wrap(stream);
        int at = firstPart(stream) + 12;
        while (bytes.getShort(at) != (short) 0xff58) {
            at += 2 + (bytes.getShort(at + 2) & 0xffff);
        }
        List<Integer> lengths = new ArrayList<>();
        int length = 0;
        for (int i = at + 5; i < at + 2 + (bytes.getShort(at + 2) & 0xffff); i++) {
            length = length << 7 | (stream[i] & 0x7f);
            if (stream[i] >= 0) {
                lengths.add(length);
                length = 0;
            }
        }
        return lengths.stream().mapToInt(Integer::intValue).toArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(joined::writeBytes);
        return joined.toByteArray();
    }
}
