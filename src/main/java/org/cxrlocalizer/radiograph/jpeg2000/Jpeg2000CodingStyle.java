// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.util.ArrayList;
import java.util.List;

/**
 * How a component of a tile is coded (ITU-T T.800, sections A.6.1 and A.6.2), by the parameters that both segments share.
 *
 * @param levels of the wavelet transform
 * @param blockWidth exponent of a code block's width
 * @param blockHeight exponent of its height
 * @param blockStyle flags of table A.19
 * @param precincts of each resolution, the exponent of the height in the upper four bits
 */
record Jpeg2000CodingStyle(int levels, int blockWidth, int blockHeight, int blockStyle, List<Integer> precincts) {

    static final int CODING_STYLE = 0xff52;
    private static final int CODING_STYLE_OF_COMPONENT = 0xff53;
    private static final int MOST_LEVELS = 32;
    private static final int LARGEST_BLOCK_BITS = 12;
    private static final int LARGEST_BLOCK_SIDE_BITS = 10;
    private static final int KNOWN_BLOCK_STYLES = 0x3f;
    private static final int LARGEST_PRECINCT = 0xff;

    /**
     * Returns the parameters of a tile's component. A tile's header has precedence over the main header, and a component over all.
     */
    static Jpeg2000CodingStyle of(
            byte[] image, List<Jpeg2000Segment> main, List<Jpeg2000Segment> tile, int component, int components) {
        int width = components < 257 ? 1 : 2;
        for (List<Jpeg2000Segment> segments : List.of(tile, main)) {
            for (Jpeg2000Segment segment : segments) {
                if (segment.marker() == CODING_STYLE_OF_COMPONENT) {
                    byte[] content = segment.content(image);
                    if (content.length > width && component(content, width) == component) {
                        return of(content, content[width] & 0xff, width + 1);
                    }
                }
            }
            for (Jpeg2000Segment segment : segments) {
                if (segment.marker() == CODING_STYLE) {
                    byte[] content = segment.content(image);
                    return of(content, content.length == 0 ? 0 : content[0] & 0xff, 5);
                }
            }
        }
        throw Jpeg2000CodeStream.damaged("its coding style is missing");
    }

    private static int component(byte[] content, int width) {
        return width == 1 ? content[0] & 0xff : (content[0] & 0xff) << 8 | (content[1] & 0xff);
    }

    private static Jpeg2000CodingStyle of(byte[] content, int flags, int at) {
        if (content.length < at + 5) {
            throw Jpeg2000CodeStream.damaged("its coding style is cut short");
        }
        int levels = content[at] & 0xff;
        int blockWidth = (content[at + 1] & 0xf) + 2;
        int blockHeight = (content[at + 2] & 0xf) + 2;
        int blockStyle = content[at + 3] & 0xff;
        boolean hasPrecincts = (flags & 1) != 0;
        if (levels > MOST_LEVELS || (hasPrecincts && content.length < at + 5 + levels + 1)) {
            throw Jpeg2000CodeStream.damaged("its coding style is cut short");
        }
        if (blockWidth > LARGEST_BLOCK_SIDE_BITS
                || blockHeight > LARGEST_BLOCK_SIDE_BITS
                || blockWidth + blockHeight > LARGEST_BLOCK_BITS
                || blockStyle > KNOWN_BLOCK_STYLES) {
            throw Jpeg2000CodeStream.damaged("its code blocks are of no kind that is read");
        }
        List<Integer> precincts = new ArrayList<>();
        for (int resolution = 0; resolution <= levels; resolution++) {
            int precinct = hasPrecincts ? content[at + 5 + resolution] & 0xff : LARGEST_PRECINCT;
            if (resolution > 0 && ((precinct & 0xf) == 0 || precinct >> 4 == 0)) {
                throw Jpeg2000CodeStream.damaged("its precincts have no size");
            }
            precincts.add(precinct);
        }
        return new Jpeg2000CodingStyle(levels, blockWidth, blockHeight, blockStyle, List.copyOf(precincts));
    }

    int precinctWidth(int resolution) {
        return precincts.get(resolution) & 0xf;
    }

    int precinctHeight(int resolution) {
        return precincts.get(resolution) >> 4;
    }

    /** Returns how many coding passes belong to the segment, of a length of its own, that follows so many passes. */
    int passesOfSegment(int passesBefore) {
        boolean terminatesEach = (blockStyle & 0x04) != 0;
        boolean bypasses = (blockStyle & 0x01) != 0;
        if (terminatesEach) {
            return 1;
        }
        if (!bypasses) {
            return Integer.MAX_VALUE;
        }
        // Ten passes are coded; from then on, two raw ones and a coded one alternate (table D.9).
        return passesBefore < 10 ? 10 - passesBefore : (passesBefore - 10) % 3 == 0 ? 2 : 1;
    }
}
