package org.cxrlocalizer.radiograph;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Bytes with an end that cannot be overlooked. The JPEG 2000 reader takes the end of a damaged image for one bits, and counts
 * them for ever.
 */
final class EndingStream extends MemoryCacheImageInputStream {

    /** Sound readers look a little ahead. */
    private static final int MOST_READS_BEYOND = 1000;

    private int beyond;

    EndingStream(byte[] bytes) {
        super(new ByteArrayInputStream(bytes));
    }

    @Override
    public int read() throws IOException {
        return checked(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return checked(super.read(bytes, offset, length));
    }

    private int checked(int result) throws EOFException {
        if (result < 0 && ++beyond > MOST_READS_BEYOND) {
            throw new EOFException();
        }
        return result;
    }
}
