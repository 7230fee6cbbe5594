// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

/**
 * What a network answers for one image.
 *
 * @param logits one for each label
 * @param maps {@code labels · mapHeight · mapWidth} values, label by label, row by row
 */
public record Prediction(float[] logits, float[] maps, int mapWidth, int mapHeight) {

    /** Whether each value is a number, as the others mean nothing then. */
    boolean isFinite() {
        return isFinite(logits) && isFinite(maps);
    }

    /** Returns whether each value of the maps lies in [0, 1]. */
    boolean hasProbabilityMaps() {
        for (float value : maps) {
            if (!(value >= 0 && value <= 1)) {
                return false;
            }
        }
        return true;
    }

    /** Returns {@code mean(map) + bias − logit} of one label. */
    double sumResidual(int label, double bias) {
        int cells = mapWidth * mapHeight;
        double sum = 0;
        for (int i = label * cells; i < (label + 1) * cells; i++) {
            sum += maps[i];
        }
        return sum / cells + bias - logits[label];
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
