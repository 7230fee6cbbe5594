// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The slow, obviously right way to regions: sample the surface on a raster that holds the grid's nodes, and flood-fill it
 * 4-connected. Between two neighbouring samples that are in, the surface is linear and so in too; an 8-connected fill
 * steps diagonally over the gap at a saddle and joins what is apart. It shares nothing with {@link Surface}: it samples
 * by its own interpolation.
 */
final class RasterOracle {

    private RasterOracle() {}

    /** Extents of the regions of sample points at or above the level, in grid cells, corners of the point cloud. */
    static List<Region> regions(ClassActivationMap map, double level, int samplesPerCell) {
        if (samplesPerCell % 2 != 0) {
            throw new IllegalArgumentException("the raster must hold the cell centres");
        }
        int columns = map.width() * samplesPerCell + 1;
        int rows = map.height() * samplesPerCell + 1;
        boolean[] in = new boolean[columns * rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                in[row * columns + column] =
                        sample(map, (double) column / samplesPerCell, (double) row / samplesPerCell) >= level;
            }
        }
        List<Region> regions = new ArrayList<>();
        for (int start = 0; start < in.length; start++) {
            if (in[start]) {
                regions.add(fill(in, start, columns, rows, samplesPerCell));
            }
        }
        return regions;
    }

    private static Region fill(boolean[] in, int start, int columns, int rows, double samplesPerCell) {
        Deque<Integer> open = new ArrayDeque<>();
        open.push(start);
        in[start] = false;
        int left = columns;
        int top = rows;
        int right = -1;
        int bottom = -1;
        while (!open.isEmpty()) {
            int point = open.pop();
            int x = point % columns;
            int y = point / columns;
            left = Math.min(left, x);
            right = Math.max(right, x);
            top = Math.min(top, y);
            bottom = Math.max(bottom, y);
            for (int[] step : new int[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
                int nx = x + step[0];
                int ny = y + step[1];
                if (nx >= 0 && ny >= 0 && nx < columns && ny < rows && in[ny * columns + nx]) {
                    in[ny * columns + nx] = false;
                    open.push(ny * columns + nx);
                }
            }
        }
        return new Region(
                left / samplesPerCell, top / samplesPerCell, right / samplesPerCell, bottom / samplesPerCell, 0);
    }

    /** Half-pixel centres, edges held: the weights of the four nearest cell centres, by the definition. */
    private static double sample(ClassActivationMap map, double x, double y) {
        double sum = 0;
        double px = Math.max(0, Math.min(map.width() - 1, x - 0.5));
        double py = Math.max(0, Math.min(map.height() - 1, y - 0.5));
        for (int row = 0; row < map.height(); row++) {
            double wy = 1 - Math.abs(row - py);
            if (wy > 0) {
                for (int column = 0; column < map.width(); column++) {
                    double wx = 1 - Math.abs(column - px);
                    if (wx > 0) {
                        sum += wx * wy * map.values()[row * map.width() + column];
                    }
                }
            }
        }
        return sum;
    }
}
