// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Arrays;

/**
 * The assignment of rows to columns with the smallest sum of costs, by shortest augmenting paths (Kuhn 1955, Munkres 1957; in the
 * form of Jonker and Volgenant 1987). Every row takes a column if there are at least as many, and every column a row otherwise.
 */
final class Assignment {

    private Assignment() {}

    /** Returns the column of each row; −1 for a row without one. */
    static int[] of(double[][] costs) {
        int rows = costs.length;
        int columns = rows == 0 ? 0 : costs[0].length;
        if (rows <= columns) {
            return assign(costs, rows, columns);
        }
        double[][] turned = new double[columns][rows];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column][row] = costs[row][column];
            }
        }
        int[] rowOf = assign(turned, columns, rows);
        int[] columnOf = new int[rows];
        Arrays.fill(columnOf, -1);
        for (int column = 0; column < columns; column++) {
            columnOf[rowOf[column]] = column;
        }
        return columnOf;
    }

    /** Adds one row after the other; a row takes a column by the path of the smallest reduced costs to a free one. */
    private static int[] assign(double[][] costs, int rows, int columns) {
        double[] ofRow = new double[rows];
        double[] ofColumn = new double[columns];
        int[] rowOf = new int[columns];
        Arrays.fill(rowOf, -1);
        for (int first = 0; first < rows; first++) {
            double[] distance = new double[columns];
            Arrays.fill(distance, Double.POSITIVE_INFINITY);
            int[] before = new int[columns];
            Arrays.fill(before, -1);
            boolean[] done = new boolean[columns];
            int row = first;
            int last = -1;
            double reached = 0;
            while (row >= 0) {
                int nearest = -1;
                for (int column = 0; column < columns; column++) {
                    if (!done[column]) {
                        double through = reached + costs[row][column] - ofRow[row] - ofColumn[column];
                        if (through < distance[column]) {
                            distance[column] = through;
                            before[column] = last;
                        }
                        if (nearest < 0 || distance[column] < distance[nearest]) {
                            nearest = column;
                        }
                    }
                }
                reached = distance[nearest];
                done[nearest] = true;
                last = nearest;
                row = rowOf[nearest];
            }
            ofRow[first] += reached;
            for (int column = 0; column < columns; column++) {
                if (done[column] && column != last) {
                    ofRow[rowOf[column]] += reached - distance[column];
                    ofColumn[column] -= reached - distance[column];
                }
            }
            for (int column = last; column >= 0; column = before[column]) {
                rowOf[column] = before[column] < 0 ? first : rowOf[before[column]];
            }
        }
        int[] columnOf = new int[rows];
        for (int column = 0; column < columns; column++) {
            if (rowOf[column] >= 0) {
                columnOf[rowOf[column]] = column;
            }
        }
        return columnOf;
    }
}
