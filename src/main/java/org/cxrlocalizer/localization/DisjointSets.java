// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

/** Union-find over the numbers 0 … n − 1, with path halving and union by size. */
final class DisjointSets {

    private final int[] parents;
    private final int[] sizes;

    DisjointSets(int n) {
        parents = new int[n];
        sizes = new int[n];
        for (int i = 0; i < n; i++) {
            parents[i] = i;
            sizes[i] = 1;
        }
    }

    int find(int element) {
        int current = element;
        while (parents[current] != current) {
            parents[current] = parents[parents[current]];
            current = parents[current];
        }
        return current;
    }

    void join(int a, int b) {
        int x = find(a);
        int y = find(b);
        if (x != y) {
            int large = sizes[x] >= sizes[y] ? x : y;
            int small = large == x ? y : x;
            parents[small] = large;
            sizes[large] += sizes[small];
        }
    }
}
