// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Writes uploads. Faults of the disk are distinguished from those of the sender. */
final class UploadFile {

    private static final int BUFFER = 1 << 16;

    private UploadFile() {}

    /**
     * Writes an upload.
     *
     * @param file in a directory that is made
     * @throws UploadTooLargeException if it has more bytes than the limit
     * @throws UploadNotWrittenException if it cannot be written
     * @throws IOException if it cannot be read
     */
    static void write(InputStream upload, Path file, long limit) throws IOException {
        try (OutputStream out = open(file)) {
            byte[] buffer = new byte[BUFFER];
            long total = 0;
            for (int read = upload.read(buffer); read >= 0; read = upload.read(buffer)) {
                total += read;
                if (total > limit) {
                    throw new UploadTooLargeException(limit);
                }
                write(out, buffer, read);
            }
        }
    }

    private static OutputStream open(Path file) {
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            return Files.newOutputStream(file);
        } catch (IOException e) {
            throw new UploadNotWrittenException(e);
        }
    }

    private static void write(OutputStream out, byte[] buffer, int length) {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw new UploadNotWrittenException(e);
        }
    }
}
