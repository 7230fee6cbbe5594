// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.junit.jupiter.api.Test;

class JpegHuffmanTableTest {

    @Test
    void aHuffmanTableFollowsTheStandard() {
        byte[] counts = {0, 2, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
        JpegHuffmanTable table = new JpegHuffmanTable(counts, new byte[] {7, 8, 9, 10});

        assertThat(table.word(0b0011_1111_1111_1111)).isEqualTo(2 << 8 | 7);
        assertThat(table.word(0b0100_0000_0000_0000)).isEqualTo(2 << 8 | 8);
        assertThat(table.word(0b1001_0000_0000_0000)).isEqualTo(3 << 8 | 9);
        assertThat(table.word(0b1010_0000_0111_1111)).isEqualTo(9 << 8 | 10);
        assertThatExceptionOfType(UnreadableImageException.class).isThrownBy(() -> table.word(0b1010_0000_1000_0000));
        assertThatExceptionOfType(UnreadableImageException.class)
                .isThrownBy(() ->
                        new JpegHuffmanTable(new byte[] {3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, new byte[3]));
    }
}
