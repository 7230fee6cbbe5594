// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.radiograph.dicom.DicomFormat;
import org.cxrlocalizer.radiograph.dicom.DicomFrame;

/**
 * Writes what is read of DICOM files, for .ci/dicom to compare with what others read: the stored samples as NAME.stored and
 * the grey levels as NAME.levels, 16 bits each in little endian, row by row. Prints a line for each file, and why one is
 * refused.
 */
public final class DicomSamples {

    private DicomSamples() {}

    /** @param arguments the directory to write into, then the files */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            Path file = Path.of(arguments[i]);
            byte[] bytes = Files.readAllBytes(file);
            String name = String.valueOf(file.getFileName());
            try {
                Radiograph radiograph = DicomRadiograph.read(
                        bytes,
                        null,
                        "",
                        new ReadOptions(true, 1, true),
                        RadiographReaders.limits(RadiographReaders.LIMITS));
                DicomFile read = DicomFile.read(bytes, 1 << 26);
                DicomFormat format = DicomFormat.of(read.dataSet());
                short[] stored = new DicomFrame(format, read.dataSet(), 0).decode(read);
                Files.write(directory.resolve(name + ".stored"), littleEndian(stored));
                Files.write(directory.resolve(name + ".levels"), littleEndian(radiograph.samples()));
                System.out.printf("%s\tread\t%s%n", name, String.join(" ", radiograph.warnings()));
            } catch (RuntimeException e) {
                System.out.printf("%s\t%s\t%s%n", name, e.getClass().getSimpleName(), e.getMessage());
            }
        }
    }

    private static byte[] littleEndian(short[] samples) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(samples);
        return bytes.array();
    }
}
