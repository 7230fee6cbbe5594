// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;

/**
 * What the exact surface is compared with: the usual way, done well. Rows of the map are stretched to the image's width
 * once, each image row is a step between two of them, its runs above the level are joined with those of the row before
 * that they touch, and boxes grow with the runs: the image is passed once, and no more than a row of it is held.
 */
final class RasterLabelling {

    private final int width;
    private final List<int[]> extents = new ArrayList<>(); // left, top, right, bottom
    private final List<Integer> parents = new ArrayList<>();

    private RasterLabelling(int width) {
        this.width = width;
    }

    /** The boxes of pixels whose centre is at or above the level, joined where they share a side. */
    static List<Box> boxes(ClassActivationMap map, ImageFrame frame, float level) {
        RasterLabelling labelling = new RasterLabelling(frame.imageWidth());
        labelling.label(map, frame, level);
        List<Box> result = new ArrayList<>();
        for (int i = 0; i < labelling.extents.size(); i++) {
            if (labelling.parents.get(i) == i) {
                int[] extent = labelling.extents.get(i);
                result.add(Box.ofCorners(extent[0], extent[1], extent[2], extent[3]));
            }
        }
        return result;
    }

    private void label(ClassActivationMap map, ImageFrame frame, float level) {
        float[][] stretched = stretched(map, frame);
        float[] row = new float[width];
        int[] above = new int[3 * width]; // runs of the row above: start, end, label
        int aboveCount = 0;
        int[] runs = new int[3 * width];
        for (int y = 0; y < frame.imageHeight(); y++) {
            float at = (float) Math.min(Math.max(frame.v(y + 0.5) * map.height() - 0.5, 0), map.height() - 1);
            int top = (int) at;
            step(stretched[top], stretched[Math.min(top + 1, map.height() - 1)], at - top, row);
            int count = 0;
            int next = 0;
            for (int x = 0; x < width; ) {
                if (row[x] < level) {
                    x++;
                    continue;
                }
                int start = x;
                while (x < width && row[x] >= level) {
                    x++;
                }
                int label = -1;
                while (next < aboveCount && above[3 * next + 1] <= start) {
                    next++;
                }
                for (int i = next; i < aboveCount && above[3 * i] < x; i++) {
                    label = label < 0 ? find(above[3 * i + 2]) : join(label, above[3 * i + 2]);
                }
                label = grow(label, start, y, x);
                runs[3 * count] = start;
                runs[3 * count + 1] = x;
                runs[3 * count + 2] = label;
                count++;
            }
            int[] swap = above;
            above = runs;
            runs = swap;
            aboveCount = count;
        }
    }

    private float[][] stretched(ClassActivationMap map, ImageFrame frame) {
        float[][] result = new float[map.height()][width];
        for (int x = 0; x < width; x++) {
            float at = (float) Math.min(Math.max(frame.u(x + 0.5) * map.width() - 0.5, 0), map.width() - 1);
            int left = (int) at;
            int right = Math.min(left + 1, map.width() - 1);
            for (int y = 0; y < map.height(); y++) {
                float value = map.values()[y * map.width() + left];
                result[y][x] = value + (map.values()[y * map.width() + right] - value) * (at - left);
            }
        }
        return result;
    }

    private static void step(float[] upper, float[] lower, float part, float[] row) {
        for (int x = 0; x < row.length; x++) {
            row[x] = upper[x] + (lower[x] - upper[x]) * part;
        }
    }

    private int grow(int known, int left, int y, int right) {
        int label = known;
        if (label < 0) {
            label = extents.size();
            parents.add(label);
            extents.add(new int[] {left, y, right, y + 1});
        }
        int[] extent = extents.get(label);
        extent[0] = Math.min(extent[0], left);
        extent[2] = Math.max(extent[2], right);
        extent[3] = y + 1;
        return label;
    }

    private int find(int label) {
        int root = label;
        while (parents.get(root) != root) {
            root = parents.get(root);
        }
        return root;
    }

    private int join(int a, int b) {
        int keep = find(a);
        int drop = find(b);
        if (keep != drop) {
            parents.set(drop, keep);
            int[] kept = extents.get(keep);
            int[] dropped = extents.get(drop);
            kept[0] = Math.min(kept[0], dropped[0]);
            kept[1] = Math.min(kept[1], dropped[1]);
            kept[2] = Math.max(kept[2], dropped[2]);
            kept[3] = Math.max(kept[3], dropped[3]);
        }
        return keep;
    }
}
