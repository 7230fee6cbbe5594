// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;

/**
 * A file to which a run appends a line for each piece of work, so that a killed run goes on where it was. A line that was cut
 * off by a kill is dropped. One process at a time has the file.
 */
public final class LineLog implements Closeable {

    private static final int BLOCK = 1 << 16;

    private final FileChannel file;

    private LineLog(FileChannel file) {
        this.file = file;
    }

    /** Takes the lines that are there, one after the other. */
    @FunctionalInterface
    public interface Lines {

        /** @param number from 1 */
        void take(int number, String line) throws IOException;
    }

    /**
     * Opens a log, and makes it if it does not exist.
     *
     * @throws EvaluationRefusedException if another process has it open
     */
    public static LineLog open(Path path, Lines existing) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() == null) {
                throw new EvaluationRefusedException("another run writes %s".formatted(path));
            }
            long end = endOfLastLine(file);
            file.truncate(end);
            file.position(0);
            BufferedReader lines =
                    new BufferedReader(Channels.newReader(file, StandardCharsets.UTF_8)); // closed with the file
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                existing.take(++number, line);
            }
            file.position(end);
            return new LineLog(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static long endOfLastLine(FileChannel file) throws IOException {
        byte[] block = new byte[BLOCK];
        for (long end = file.size(); end > 0; end -= Math.min(end, BLOCK)) {
            int length = (int) Math.min(end, BLOCK);
            ByteBuffer bytes = ByteBuffer.wrap(block, 0, length);
            while (bytes.hasRemaining() && file.read(bytes, end - length + bytes.position()) >= 0) {}
            for (int i = length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return end - length + i + 1;
                }
            }
        }
        return 0;
    }

    /** @param line without its end */
    public synchronized void append(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
