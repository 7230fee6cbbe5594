// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The bytes of a JPEG 2000 code stream, which stop its reader where that would go on for ever. The reader takes the end of a
 * damaged image for one bits, and counts them. A sound packet header never has two bytes of ones (ITU-T T.800, section B.10.1).
 * After these the reader reads no further byte, but counts the second one's bits again and again.
 */
final class EofFailingStream extends MemoryCacheImageInputStream {

    /** Sound readers look a little ahead. */
    private static final int MOST_READS_BEYOND = 1000;

    private static final int ONES = 0xff;

    private final long length;
    private final DecodingBudget budget;
    private int beyond;
    private long lastOnesAt = -2;

    EofFailingStream(byte[] bytes, DecodingBudget budget) {
        super(new ByteArrayInputStream(bytes));
        length = bytes.length;
        this.budget = budget;
    }

    /** JJ2000 calls it at each packet, and reads to the end where it has no length. */
    @Override
    public long length() {
        return length;
    }

    /** Packet headers are read byte by byte, and nothing else where ones might follow each other. */
    @Override
    public int read() throws IOException {
        long at = getStreamPosition();
        int result = checked(super.read());
        if (result == ONES) {
            if (lastOnesAt == at - 1) {
                throw new EOFException();
            }
            lastOnesAt = at;
        }
        return result;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return checked(super.read(bytes, offset, length));
    }

    private int checked(int result) throws EOFException {
        budget.checkNowAndThen();
        if (result < 0 && ++beyond > MOST_READS_BEYOND) {
            throw new EOFException();
        }
        return result;
    }
}
