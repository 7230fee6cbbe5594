package org.cxrlocalizer.model;

/**
 * What a network answers for one image.
 *
 * @param logits one for each label
 * @param maps {@code labels · mapHeight · mapWidth} values in logit units, label by label, row by row
 */
public record Prediction(float[] logits, float[] maps, int mapWidth, int mapHeight) {

    /** Whether each value is a number, as the others mean nothing then. */
    boolean isFinite() {
        return isFinite(logits) && isFinite(maps);
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
