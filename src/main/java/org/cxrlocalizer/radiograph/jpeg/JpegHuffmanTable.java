// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import java.util.Arrays;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/** A Huffman table of a JPEG (ITU-T T.81, annex C). */
final class JpegHuffmanTable {

    /** Bits of the longest code word. */
    static final int LONGEST = 16;

    private static final int SHORT = 8;

    private final byte[] symbols;
    /** By the first bits: length and symbol of a short code word; zero of a longer one. */
    private final short[] shortWords = new short[1 << SHORT];
    /** For each length, what the bits of its code words are below, filled up to 16 bits. */
    private final int[] ends = new int[LONGEST + 1];
    /** For each length, what is added to a code word to get its symbol's index. */
    private final int[] offsets = new int[LONGEST + 1];

    /**
     * @param counts of code words with 1 to 16 bits
     * @param symbols in the order of their code words
     * @throws UnreadableImageException if there are more words than the bits can make
     */
    JpegHuffmanTable(byte[] counts, byte[] symbols) {
        this.symbols = symbols;
        int code = 0;
        int index = 0;
        for (int length = 1; length <= LONGEST; length++) {
            int words = counts[length - 1] & 0xff;
            offsets[length] = index - code;
            if (length <= SHORT) {
                for (int i = 0; i < words && code + i < (1 << length); i++) {
                    int from = (code + i) << (SHORT - length);
                    Arrays.fill(shortWords, from, from + (1 << (SHORT - length)), (short)
                            (length << 8 | (symbols[index + i] & 0xff)));
                }
            }
            code += words;
            index += words;
            if (code > (1 << length)) {
                throw JpegScans.damaged("a Huffman table has too many code words");
            }
            ends[length] = code << (LONGEST - length);
            code <<= 1;
        }
    }

    /** The table that decoders take where the file has none, as frames of Motion JPEG do (section K.3). */
    static JpegHuffmanTable standard(boolean dc, int number) {
        JPEGHuffmanTable table = dc
                ? number == 0 ? JPEGHuffmanTable.StdDCLuminance : JPEGHuffmanTable.StdDCChrominance
                : number == 0 ? JPEGHuffmanTable.StdACLuminance : JPEGHuffmanTable.StdACChrominance;
        byte[] counts = bytes(table.getLengths());
        return new JpegHuffmanTable(Arrays.copyOf(counts, LONGEST), bytes(table.getValues()));
    }

    private static byte[] bytes(short[] numbers) {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) numbers[i];
        }
        return bytes;
    }

    /**
     * The code word that 16 bits begin with: its length in the upper byte, its symbol in the lower one.
     *
     * @throws UnreadableImageException if they begin with none
     */
    int word(int bits) {
        int word = shortWords[bits >>> (LONGEST - SHORT)];
        if (word != 0) {
            return word;
        }
        for (int length = 1; length <= LONGEST; length++) {
            if (bits < ends[length]) {
                int symbol = (bits >>> (LONGEST - length)) + offsets[length];
                return length << 8 | (symbols[symbol] & 0xff);
            }
        }
        throw JpegScans.damaged("its compressed data have a code word that stands for nothing");
    }
}
