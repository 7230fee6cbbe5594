// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg2000;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.OptionalInt;
import org.cxrlocalizer.dicom.DicomException;

/** The order of the packets of a JPEG 2000 tile (ITU-T T.800, section B.12), and how many of them were read. */
final class Jpeg2000Progression {

    private static final int PROGRESSION_ORDER_CHANGE = 0xff5f;
    private static final int MOST_CHANGES = 64;
    private static final int FEW_PRECINCTS = 1000;
    /** On average; each is an object. */
    private static final int FEWEST_PIXELS_OF_A_PRECINCT = 64;

    private static final int LAYERS_FIRST = 0;
    private static final int RESOLUTIONS_FIRST = 1;

    private static final Comparator<Jpeg2000Precinct> BY_PLACE =
            Comparator.comparingLong(Jpeg2000Precinct::top).thenComparingLong(Jpeg2000Precinct::left);

    private final List<Volume> volumes = new ArrayList<>();
    private final List<Jpeg2000Precinct> precincts = new ArrayList<>();
    private int layers;

    /** Packets of which layers, resolutions and components (each below an end) follow each other, and in which order. */
    private record Volume(
            int resolution, int component, int layersEnd, int resolutionsEnd, int componentsEnd, int order) {

        boolean contains(Jpeg2000Precinct precinct) {
            return precinct.resolution() >= resolution
                    && precinct.resolution() < resolutionsEnd
                    && precinct.component() >= component
                    && precinct.component() < componentsEnd;
        }
    }

    private Jpeg2000Progression() {}

    /** Returns the progression of a tile, by the segments of its parts and of the main header. */
    static Jpeg2000Progression of(
            byte[] image, List<Jpeg2000Segment> main, List<Jpeg2000Segment> tile, Jpeg2000Size size, int index) {
        Jpeg2000Progression progression = new Jpeg2000Progression();
        byte[] style = first(Jpeg2000CodingStyle.CODING_STYLE, tile, main).content(image);
        if (style.length < 5) {
            throw Jpeg2000CodeStream.damaged("its coding style is cut short");
        }
        progression.layers = (style[2] & 0xff) << 8 | (style[3] & 0xff);
        for (List<Jpeg2000Segment> segments : List.of(tile, main)) {
            if (progression.volumes.isEmpty()) {
                segments.stream()
                        .filter(segment -> segment.marker() == PROGRESSION_ORDER_CHANGE)
                        .forEach(segment -> progression.addChanges(segment.content(image), size.components()));
            }
        }
        if (progression.volumes.isEmpty()) {
            progression.volumes.add(
                    new Volume(0, 0, progression.layers, Integer.MAX_VALUE, Integer.MAX_VALUE, style[1]));
        }
        Jpeg2000Size.Area area = size.tile(index);
        long pixels = (area.right() - area.left()) * (area.bottom() - area.top()) * size.components();
        for (int component = 0; component < size.components(); component++) {
            progression.addPrecincts(
                    Jpeg2000CodingStyle.of(image, main, tile, component, size.components()),
                    area,
                    component,
                    FEW_PRECINCTS + pixels / FEWEST_PIXELS_OF_A_PRECINCT);
        }
        return progression;
    }

    private static Jpeg2000Segment first(int marker, List<Jpeg2000Segment> tile, List<Jpeg2000Segment> main) {
        for (List<Jpeg2000Segment> segments : List.of(tile, main)) {
            for (Jpeg2000Segment segment : segments) {
                if (segment.marker() == marker) {
                    return segment;
                }
            }
        }
        throw Jpeg2000CodeStream.damaged("its coding style is missing");
    }

    /** Section A.6.6: components are numbered by one byte where there are few. */
    private void addChanges(byte[] content, int components) {
        boolean narrow = components < 257;
        ByteBuffer changes = ByteBuffer.wrap(content);
        while (changes.remaining() >= (narrow ? 7 : 9)) {
            int resolution = changes.get() & 0xff;
            int component = narrow ? changes.get() & 0xff : changes.getShort() & 0xffff;
            int layersEnd = changes.getShort() & 0xffff;
            int resolutionsEnd = changes.get() & 0xff;
            int componentsEnd = narrow ? changes.get() & 0xff : changes.getShort() & 0xffff;
            // Zero stands for 256 where a byte holds it.
            volumes.add(new Volume(
                    resolution,
                    component,
                    layersEnd,
                    resolutionsEnd,
                    componentsEnd == 0 ? Integer.MAX_VALUE : componentsEnd,
                    changes.get()));
        }
        if (volumes.size() > MOST_CHANGES) {
            throw new DicomException("The JPEG 2000 frame changes its progression more often than is read.");
        }
    }

    private void addPrecincts(Jpeg2000CodingStyle style, Jpeg2000Size.Area area, int component, long most) {
        for (int resolution = 0; resolution <= style.levels(); resolution++) {
            Jpeg2000Size.Area reduced = area.reduced(style.levels() - resolution, 0, 0);
            int width = style.precinctWidth(resolution);
            int height = style.precinctHeight(resolution);
            long columns = reduced.columns(width);
            long rows = reduced.rows(height);
            if (columns * rows > most - precincts.size()) {
                throw new DicomException("The JPEG 2000 frame has more precincts than are read.");
            }
            for (long row = 0; row < rows; row++) {
                for (long column = 0; column < columns; column++) {
                    precincts.add(new Jpeg2000Precinct(
                            style,
                            area,
                            component,
                            resolution,
                            (reduced.left() >> width) + column,
                            (reduced.top() >> height) + row));
                }
            }
        }
    }

    /** Reads packets until none is left. */
    void read(Jpeg2000Packets packets) throws EOFException {
        for (Volume volume : volumes) {
            List<Jpeg2000Precinct> chosen = precincts.stream()
                    .filter(volume::contains)
                    .sorted(order(volume.order))
                    .toList();
            int most = Math.min(layers, volume.layersEnd);
            int from = 0;
            while (from < chosen.size() && !packets.areRead()) {
                int to = groupEnd(chosen, from, volume.order);
                readLayers(chosen.subList(from, to), most, packets);
                from = to;
            }
        }
    }

    private static Comparator<Jpeg2000Precinct> order(int order) {
        Comparator<Jpeg2000Precinct> byResolution = Comparator.comparingInt(Jpeg2000Precinct::resolution);
        Comparator<Jpeg2000Precinct> byComponent = Comparator.comparingInt(Jpeg2000Precinct::component);
        return switch (order) {
            case LAYERS_FIRST, RESOLUTIONS_FIRST -> byResolution.thenComparing(byComponent);
            case 2 -> byResolution.thenComparing(BY_PLACE).thenComparing(byComponent);
            case 3 -> BY_PLACE.thenComparing(byComponent).thenComparing(byResolution);
            case 4 -> byComponent.thenComparing(BY_PLACE).thenComparing(byResolution);
            default -> throw Jpeg2000CodeStream.damaged("its progression order is none");
        };
    }

    /** Where those end whose packets of one layer follow each other: all, those of a resolution, or one alone. */
    private static int groupEnd(List<Jpeg2000Precinct> chosen, int from, int order) {
        return switch (order) {
            case LAYERS_FIRST -> chosen.size();
            case RESOLUTIONS_FIRST -> {
                int to = from;
                while (to < chosen.size()
                        && chosen.get(to).resolution() == chosen.get(from).resolution()) {
                    to++;
                }
                yield to;
            }
            default -> from + 1;
        };
    }

    private static void readLayers(List<Jpeg2000Precinct> group, int most, Jpeg2000Packets packets)
            throws EOFException {
        for (int layer = 0; layer < most; layer++) {
            for (Jpeg2000Precinct precinct : group) {
                if (packets.areRead()) {
                    return;
                }
                // Others were read in an earlier progression.
                if (precinct.layers() == layer) {
                    packets.read(precinct);
                }
            }
        }
    }

    /** How many layers there should be. */
    int layers() {
        return layers;
    }

    /** How many layers were read of every precinct; empty if it is not the same number. */
    OptionalInt readLayers() {
        IntSummaryStatistics read =
                precincts.stream().mapToInt(Jpeg2000Precinct::layers).summaryStatistics();
        return read.getMin() == read.getMax() ? OptionalInt.of(read.getMin()) : OptionalInt.empty();
    }
}
