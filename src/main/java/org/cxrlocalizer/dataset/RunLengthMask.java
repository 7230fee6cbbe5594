// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.geometry.Box;
import tools.jackson.databind.JsonNode;

/**
 * A mask in COCO's run lengths: {@code size} is height and width, {@code counts} are lengths of runs of 0 and 1 in turn, down the
 * columns from the left. Counts are a list, or text with groups of five bits a character, in which each count from the fourth on
 * is the difference to the one two places before.
 *
 * @param runs parts of one column
 */
record RunLengthMask(ImageSize size, List<Run> runs) implements Outline {

    /** Rows from {@code top} to before {@code bottom} of a column. */
    record Run(int column, int top, int bottom) {}

    /** @throws IllegalArgumentException if it is no such mask */
    static RunLengthMask of(JsonNode mask) {
        JsonNode size = mask.path("size");
        int height = size.path(0).asInt(0);
        int width = size.path(1).asInt(0);
        if (size.size() != 2 || !PixelMask.isPossible(width, height)) {
            throw new IllegalArgumentException("the mask's size must be height and width");
        }
        JsonNode counts = mask.path("counts");
        List<Long> lengths = counts.isString() ? lengths(counts.asString()) : lengths(counts);
        List<Run> runs = new ArrayList<>();
        long place = 0;
        boolean inside = false;
        for (long length : lengths) {
            if (length < 0 || place + length > (long) height * width) {
                throw new IllegalArgumentException("the mask's counts do not fit its size");
            }
            for (long next = place; inside && next < place + length; ) {
                int column = (int) (next / height);
                long end = Math.min(place + length, (column + 1L) * height);
                runs.add(new Run(column, (int) (next % height), (int) (end - (long) column * height)));
                next = end;
            }
            place += length;
            inside = !inside;
        }
        if (place != (long) height * width) {
            throw new IllegalArgumentException("the mask's counts do not fit its size");
        }
        return new RunLengthMask(new ImageSize(width, height), runs);
    }

    private static List<Long> lengths(JsonNode counts) {
        if (!counts.isArray()) {
            throw new IllegalArgumentException("the mask has no counts");
        }
        List<Long> lengths = new ArrayList<>();
        for (JsonNode count : counts) {
            if (!count.isIntegralNumber()) {
                throw new IllegalArgumentException("the mask's counts are not numbers");
            }
            lengths.add(count.asLong());
        }
        return lengths;
    }

    private static List<Long> lengths(String text) {
        List<Long> lengths = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            long value = 0;
            int shift = 0;
            int group;
            do {
                group = at < text.length() ? text.charAt(at++) - '0' : -1;
                if (group < 0 || group > 63 || shift > 50) {
                    throw new IllegalArgumentException("the mask's counts are damaged");
                }
                value |= (long) (group & 31) << shift;
                shift += 5;
            } while ((group & 32) != 0);
            if ((group & 16) != 0) {
                value |= -1L << shift;
            }
            lengths.add(lengths.size() > 2 ? value + lengths.get(lengths.size() - 2) : value);
        }
        return lengths;
    }

    @Override
    public PixelMask mask(ImageSize wanted) {
        if (!wanted.equals(size)) {
            throw new IllegalArgumentException(
                    "the mask of %s pixels is not of an image of %s".formatted(size, wanted));
        }
        Map<Integer, BitSet> columns = new HashMap<>();
        for (Run run : runs) {
            columns.computeIfAbsent(run.column, column -> new BitSet()).set(run.top, run.bottom);
        }
        return PixelMask.of(size, column -> columns.getOrDefault(column, new BitSet()));
    }

    /**
     * Returns the smallest box of all pixels.
     *
     * @throws IllegalArgumentException if there is none
     */
    Box extent() {
        return runs.stream()
                .map(RunLengthMask::box)
                .reduce(Box::enclosing)
                .orElseThrow(() -> new IllegalArgumentException("the mask is empty"));
    }

    /** Returns the parts whose pixels touch, corners included. */
    List<RunLengthMask> parts() {
        int[] parents = new int[runs.size()];
        int previous = 0;
        int current = 0;
        for (int i = 0; i < parents.length; i++) {
            parents[i] = i;
            if (runs.get(i).column != runs.get(current).column) {
                previous = current;
                current = i;
            }
            for (int j = previous; j < current; j++) {
                if (touch(runs.get(j), runs.get(i))) {
                    parents[root(parents, i)] = root(parents, j);
                }
            }
        }
        Map<Integer, List<Run>> parts = new LinkedHashMap<>();
        for (int i = 0; i < parents.length; i++) {
            parts.computeIfAbsent(root(parents, i), part -> new ArrayList<>()).add(runs.get(i));
        }
        return parts.values().stream()
                .map(part -> new RunLengthMask(size, part))
                .toList();
    }

    private static boolean touch(Run left, Run right) {
        return left.column + 1 == right.column && left.top <= right.bottom && right.top <= left.bottom;
    }

    private static int root(int[] parents, int place) {
        int root = place;
        while (parents[root] != root) {
            parents[root] = parents[parents[root]];
            root = parents[root];
        }
        return root;
    }

    private static Box box(Run run) {
        return Box.ofCorners(run.column, run.top, run.column + 1.0, run.bottom);
    }
}
