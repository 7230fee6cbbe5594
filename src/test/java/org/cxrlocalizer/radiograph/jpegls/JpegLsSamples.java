// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpegls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * Writes JPEG-LS images with restart intervals and coding parameters, for .ci/dicom to have CharLS decode them: NAME.jls, and
 * NAME.samples of 16 bits in little endian, as they are decoded here, the components of a pixel beside each other.
 */
public final class JpegLsSamples {

    private static final int WIDTH = 31;

    private JpegLsSamples() {}

    /** @param arguments the directory to write into */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        for (int precision : new int[] {2, 8, 12, 16}) {
            for (int restart : new int[] {0, 1, 4, 23, 300}) {
                for (int interleave : new int[] {0, 1, 2}) {
                    for (int near : new int[] {0, 1}) {
                        for (int kind = 0; kind < 4; kind++) {
                            write(directory, precision, restart, interleave, near, kind);
                        }
                    }
                }
            }
        }
    }

    private static void write(Path directory, int precision, int restart, int interleave, int near, int kind)
            throws IOException {
        int maximum = (1 << precision) - 1;
        int[][] pictures = new int[interleave == 0 ? 1 : 3][];
        for (int i = 0; i < pictures.length; i++) {
            pictures[i] = JpegLsImageTest.picture(kind, maximum, i);
        }
        byte[] image = PlainJpegLsEncoder.encode(
                pictures,
                WIDTH,
                PlainJpegLsEncoder.Settings.of(precision)
                        .with(
                                maximum,
                                64,
                                Arrays.stream(new int[] {6, 12, 40})
                                        .map(threshold -> Math.min(threshold, maximum))
                                        .toArray())
                        .with(near, interleave, restart));
        String name = "%d-%d-%d-%d-%d-%d".formatted(precision, pictures.length, interleave, restart, near, kind);
        short[][] samples = JpegLsImage.decode(image, JpegLsHeader.of(image), new ArrayList<>());
        ByteBuffer bytes =
                ByteBuffer.allocate(2 * samples.length * samples[0].length).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < samples[0].length; i++) {
            for (short[] component : samples) {
                bytes.putShort(component[i]);
            }
        }
        Files.write(directory.resolve(name + ".jls"), image);
        Files.write(directory.resolve(name + ".samples"), bytes.array());
    }
}
