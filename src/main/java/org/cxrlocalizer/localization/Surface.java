// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The bilinear surface of a class activation map, and the exact extents of its regions above a level, without a raster.
 *
 * <p>The grid is padded by its own edge half a cell outwards, so that each quad of neighbouring nodes is a bilinear
 * patch and the patches tile the whole map. A node is in if its value is at least the level. Two neighbouring nodes that
 * are in are joined, because the edge between them is linear. In a patch with exactly two opposite corners in, these are
 * joined if the patch's saddle is at least the level. Along any line parallel to an axis a patch is linear; so every
 * extreme of a region lies on a patch edge, and the extents of nodes and edge crossings are those of the region.
 */
final class Surface {

    private final int columns;
    private final int rows;
    private final float[] nodes;
    private final double[] xs;
    private final double[] ys;

    /** @throws IllegalArgumentException if a value of the map is not finite */
    Surface(ClassActivationMap map) {
        if (!map.isFinite()) {
            throw new IllegalArgumentException("a surface needs finite values");
        }
        columns = map.width() + 2;
        rows = map.height() + 2;
        xs = coordinates(map.width());
        ys = coordinates(map.height());
        nodes = new float[columns * rows];
        for (int row = 0; row < rows; row++) {
            int from = Math.min(Math.max(row - 1, 0), map.height() - 1) * map.width();
            System.arraycopy(map.values(), from, nodes, row * columns + 1, map.width());
            nodes[row * columns] = map.values()[from];
            nodes[row * columns + columns - 1] = map.values()[from + map.width() - 1];
        }
    }

    private static double[] coordinates(int cells) {
        double[] result = new double[cells + 2];
        for (int i = 0; i < cells; i++) {
            result[i + 1] = i + 0.5;
        }
        result[cells + 1] = cells;
        return result;
    }

    /** The regions where the surface is at least {@code level}, highest peak first. */
    List<Region> regions(double level) {
        DisjointSets sets = new DisjointSets(nodes.length);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int node = row * columns + column;
                if (isIn(node, level)) {
                    if (column + 1 < columns && isIn(node + 1, level)) {
                        sets.join(node, node + 1);
                    }
                    if (row + 1 < rows && isIn(node + columns, level)) {
                        sets.join(node, node + columns);
                    }
                }
            }
        }
        joinOverSaddles(level, sets);
        return extents(sets, level);
    }

    private void joinOverSaddles(double level, DisjointSets sets) {
        for (int row = 0; row + 1 < rows; row++) {
            for (int column = 0; column + 1 < columns; column++) {
                int node = row * columns + column;
                boolean isIn = isIn(node, level);
                boolean isRightIn = isIn(node + 1, level);
                if (isIn != isRightIn
                        && isIn(node + columns, level) == isRightIn
                        && isIn(node + columns + 1, level) == isIn) {
                    int high = isIn ? node : node + 1;
                    int opposite = isIn ? node + columns + 1 : node + columns;
                    int low = isIn ? node + 1 : node;
                    int otherLow = isIn ? node + columns : node + columns + 1;
                    if (saddleHeight(high, opposite, low, otherLow) >= level) {
                        sets.join(high, opposite);
                    }
                }
            }
        }
    }

    /**
     * The regions of many levels in one pass over the sorted nodes and saddles.
     *
     * @param levels in any order
     * @return for each level, in the order given, what {@link #regions(double)} returns
     */
    List<List<Region>> sweep(double[] levels) {
        List<List<Region>> result = new ArrayList<>(Collections.nCopies(levels.length, List.of()));
        int[] levelOrder = descending(levels);
        int[] nodeOrder = descending(nodesAsDoubles());
        List<Saddle> saddles = new ArrayList<>(saddles());
        saddles.sort((a, b) -> Double.compare(b.height(), a.height()));
        DisjointSets sets = new DisjointSets(nodes.length);
        int nextNode = 0;
        int nextSaddle = 0;
        for (int index : levelOrder) {
            double level = levels[index];
            while (nextNode < nodeOrder.length && isIn(nodeOrder[nextNode], level)) {
                joinWithNeighbours(nodeOrder[nextNode++], level, sets);
            }
            while (nextSaddle < saddles.size() && saddles.get(nextSaddle).height() >= level) {
                Saddle saddle = saddles.get(nextSaddle++);
                sets.join(saddle.node(), saddle.opposite());
            }
            result.set(index, extents(sets, level));
        }
        return result;
    }

    private void joinWithNeighbours(int node, double level, DisjointSets sets) {
        int column = node % columns;
        if (column > 0 && isIn(node - 1, level)) {
            sets.join(node, node - 1);
        }
        if (column + 1 < columns && isIn(node + 1, level)) {
            sets.join(node, node + 1);
        }
        if (node >= columns && isIn(node - columns, level)) {
            sets.join(node, node - columns);
        }
        if (node + columns < nodes.length && isIn(node + columns, level)) {
            sets.join(node, node + columns);
        }
    }

    private boolean isIn(int node, double level) {
        return nodes[node] >= level;
    }

    /** Two opposite corners of a patch that meet inside it at every level up to the height. */
    private record Saddle(int node, int opposite, double height) {}

    private List<Saddle> saddles() {
        List<Saddle> saddles = new ArrayList<>();
        for (int row = 0; row + 1 < rows; row++) {
            for (int column = 0; column + 1 < columns; column++) {
                int node = row * columns + column;
                addSaddle(node, node + columns + 1, node + 1, node + columns, saddles);
                addSaddle(node + 1, node + columns, node, node + columns + 1, saddles);
            }
        }
        return saddles;
    }

    private void addSaddle(int high, int opposite, int low, int otherLow, List<Saddle> saddles) {
        if (Math.min(nodes[high], nodes[opposite]) > Math.max(nodes[low], nodes[otherLow])) {
            saddles.add(new Saddle(high, opposite, saddleHeight(high, opposite, low, otherLow)));
        }
    }

    private double saddleHeight(int high, int opposite, int low, int otherLow) {
        double a = nodes[high];
        double d = nodes[opposite];
        double b = nodes[low];
        double c = nodes[otherLow];
        // Rounding must not lift a saddle above the lower of the corners that it joins.
        return Math.min(Math.min(a, d), (a * d - b * c) / (a + d - b - c));
    }

    private List<Region> extents(DisjointSets sets, double level) {
        Extent[] extents = new Extent[nodes.length];
        List<Extent> found = new ArrayList<>();
        for (int node = 0; node < nodes.length; node++) {
            if (!isIn(node, level)) {
                continue;
            }
            int root = sets.find(node);
            if (extents[root] == null) {
                extents[root] = new Extent();
                found.add(extents[root]);
            }
            Extent extent = extents[root];
            int column = node % columns;
            int row = node / columns;
            extent.peak = Math.max(extent.peak, nodes[node]);
            extent.left = Math.min(
                    extent.left, column == 0 ? xs[0] : reach(node, node - 1, xs[column], xs[column - 1], level));
            extent.right = Math.max(
                    extent.right,
                    column == columns - 1 ? xs[column] : reach(node, node + 1, xs[column], xs[column + 1], level));
            extent.top =
                    Math.min(extent.top, row == 0 ? ys[0] : reach(node, node - columns, ys[row], ys[row - 1], level));
            extent.bottom = Math.max(
                    extent.bottom,
                    row == rows - 1 ? ys[row] : reach(node, node + columns, ys[row], ys[row + 1], level));
        }
        return found.stream().map(Extent::toRegion).sorted(Region.BY_PEAK).toList();
    }

    /** How far the region goes from a node that is in towards a neighbour: to the crossing, or to the neighbour. */
    private double reach(int node, int neighbour, double from, double to, double level) {
        double value = nodes[node];
        double other = nodes[neighbour];
        return other >= level ? to : from + (to - from) * ((value - level) / (value - other));
    }

    private double[] nodesAsDoubles() {
        double[] result = new double[nodes.length];
        Arrays.setAll(result, i -> nodes[i]);
        return result;
    }

    private static int[] descending(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted((a, b) -> Double.compare(values[b], values[a]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static final class Extent {
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        float peak = Float.NEGATIVE_INFINITY;

        Region toRegion() {
            return new Region(left, top, right, bottom, peak);
        }
    }
}
