// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The code blocks of one component, resolution and place, of which each layer has a packet (ITU-T T.800, sections B.6 and B.9).
 */
final class Jpeg2000Precinct {

    private static final int FIRST_LENGTH_BITS = 3;
    private static final int MOST_LENGTH_BITS = 31;

    private final Jpeg2000CodingStyle style;
    private final Jpeg2000Size.Area component;
    private final int componentIndex;
    private final int resolution;
    private final long column;
    private final long row;
    private @Nullable List<Band> bands;
    private int layers;

    /**
     * @param component the area of the tile's component
     * @param column of all precincts of the resolution, from the left of the reference grid
     * @param row likewise
     */
    Jpeg2000Precinct(
            Jpeg2000CodingStyle style,
            Jpeg2000Size.Area component,
            int componentIndex,
            int resolution,
            long column,
            long row) {
        this.style = style;
        this.component = component;
        this.componentIndex = componentIndex;
        this.resolution = resolution;
        this.column = column;
        this.row = row;
    }

    int component() {
        return componentIndex;
    }

    int resolution() {
        return resolution;
    }

    /** How many layers were read. */
    int layers() {
        return layers;
    }

    /** Where the precinct begins on the reference grid, which orders packets by position (section B.12.1). */
    long left() {
        return Math.max(component.left(), column << (style.precinctWidth(resolution) + style.levels() - resolution));
    }

    long top() {
        return Math.max(component.top(), row << (style.precinctHeight(resolution) + style.levels() - resolution));
    }

    /** A band's code blocks in the precinct, and what earlier packets stated of them; a block without length bits had none. */
    private record Band(
            int width, int height, TagTree firstLayers, TagTree emptyPlanes, int[] lengthBits, int[] passes) {

        static Band of(int width, int height) {
            int blocks = Math.multiplyExact(width, height);
            return new Band(
                    width,
                    height,
                    new TagTree(width, height),
                    new TagTree(width, height),
                    new int[blocks],
                    new int[blocks]);
        }
    }

    /**
     * Reads the header of the next layer's packet (section B.10).
     *
     * @return how many bytes of code words follow
     */
    long readHeader(PacketHeaderBits bits) throws EOFException {
        if (bands == null) {
            bands = bands();
        }
        long length = 0;
        if (bits.bit() == 1) {
            for (Band band : bands) {
                for (int block = 0; block < band.lengthBits.length; block++) {
                    length += readBlock(band, block, bits);
                }
            }
        }
        layers++;
        return length;
    }

    private long readBlock(Band band, int block, PacketHeaderBits bits) throws EOFException {
        int x = block % band.width;
        int y = block / band.width;
        boolean isFirst = band.lengthBits[block] == 0;
        boolean included = isFirst ? band.firstLayers.isBelow(layers + 1, x, y, bits) : bits.bit() == 1;
        if (!included) {
            return 0;
        }
        if (isFirst) {
            band.lengthBits[block] = FIRST_LENGTH_BITS;
            for (int planes = 1; !band.emptyPlanes.isBelow(planes, x, y, bits); planes++) {
                // The number itself is not needed.
            }
        }
        int passes = readPasses(bits);
        while (bits.bit() == 1) {
            band.lengthBits[block]++;
        }
        long length = 0;
        while (passes > 0) {
            int count = Math.min(passes, style.passesOfSegment(band.passes[block]));
            int width = band.lengthBits[block] + 31 - Integer.numberOfLeadingZeros(count);
            if (width > MOST_LENGTH_BITS) {
                throw Jpeg2000CodeStream.damaged("a packet states a length without measure");
            }
            length += bits.bits(width);
            band.passes[block] += count;
            passes -= count;
        }
        return length;
    }

    /** Table B.4. */
    private static int readPasses(PacketHeaderBits bits) throws EOFException {
        if (bits.bit() == 0) {
            return 1;
        }
        if (bits.bit() == 0) {
            return 2;
        }
        int two = bits.bits(2);
        if (two < 3) {
            return 3 + two;
        }
        int five = bits.bits(5);
        return five < 31 ? 6 + five : 37 + bits.bits(7);
    }

    /** The lowest resolution has the one band of low frequencies, all others three of high ones. */
    private List<Band> bands() {
        List<Band> found = new ArrayList<>();
        int half = resolution == 0 ? 0 : 1;
        int levels = style.levels() - resolution + half;
        for (int kind = half; kind <= 3 * half; kind++) {
            int precinctWidth = style.precinctWidth(resolution) - half;
            int precinctHeight = style.precinctHeight(resolution) - half;
            Jpeg2000Size.Area area = component
                    .reduced(levels, kind & 1, kind >> 1)
                    .intersection(new Jpeg2000Size.Area(
                            column << precinctWidth,
                            row << precinctHeight,
                            (column + 1) << precinctWidth,
                            (row + 1) << precinctHeight));
            long width = area.columns(Math.min(style.blockWidth(), precinctWidth));
            long height = area.rows(Math.min(style.blockHeight(), precinctHeight));
            if (width > 0 && height > 0) {
                found.add(Band.of(Math.toIntExact(width), Math.toIntExact(height)));
            }
        }
        return found;
    }
}
