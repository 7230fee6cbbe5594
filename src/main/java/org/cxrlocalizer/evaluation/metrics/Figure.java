// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.Locale;

/**
 * The figures of a report and their names in its tables. A metric and whatever reads its figure refer to the same constant,
 * so that a reader of a figure that is removed or renamed does not compile.
 */
public enum Figure {
    /** At a threshold of an overlap, as the next one. */
    ACCURACY("Acc"),
    FALSE_BOXES("AFP"),
    BOXES_PER_MAP("Boxes per map"),
    /** At a threshold of the IoU. */
    FALSE_BOXES_PER_IMAGE("False boxes per image"),
    /** All four of Robust Detection Outcome. */
    RODEO("RoDeO"),
    RODEO_CLASSIFICATION("RoDeO classification"),
    RODEO_LOCALIZATION("RoDeO localization"),
    RODEO_SHAPE("RoDeO shape"),
    /** At a threshold of the IoU, as recall. */
    AVERAGE_PRECISION("AP"),
    MEAN_AVERAGE_PRECISION("mAP over T(IoU) = 0.1 to 0.7"),
    RECALL("Recall"),
    /** At a threshold of the IoU and a rate of false boxes. */
    FROC("FROC"),
    /** The gain in AP once errors of a type are fixed, at a threshold of the IoU, as the next ones. */
    ERROR_CLASSIFICATION("dAP classification"),
    ERROR_LOCALIZATION("dAP localization"),
    ERROR_BOTH("dAP both"),
    ERROR_DUPLICATE("dAP duplicate"),
    ERROR_BACKGROUND("dAP background"),
    ERROR_MISSED("dAP missed"),
    ERROR_FALSE_POSITIVE("dAP false positives"),
    ERROR_FALSE_NEGATIVE("dAP false negatives"),
    MEAN_IOU("Mean IoU"),
    MAX_BOX_ACC("MaxBoxAcc"),
    /** Also at a threshold of the IoU. */
    MAX_BOX_ACC_V2("MaxBoxAccV2"),
    PIXEL_PRECISION("PxAP"),
    POINTING_GAME("Pointing game"),
    ENERGY_POINTING_GAME("Energy-based pointing game"),
    /** Where the truth has masks, as the next two. */
    MASK_IOU_OF_BOXES("Mask IoU of boxes"),
    MASK_IOU_OF_MAPS("Mask IoU of the map"),
    MASK_POINTING_GAME("Pointing game in the mask"),
    /** On a {@link Feature}, as the next ones. */
    SLOPE_OF_HITS("Slope of hits"),
    SLOPE_OF_IOU("Slope of the IoU"),
    RANK_CORRELATION_OF_HITS("Rank correlation of hits"),
    RANK_CORRELATION_OF_IOU("Rank correlation of the IoU"),
    AUC("AUC"),
    AUPRC("AUPRC"),
    CALIBRATION_ERROR("Expected calibration error"),
    BRIER("Brier score"),
    SENSITIVITY("Sensitivity at the cut-off"),
    SPECIFICITY("Specificity at the cut-off"),
    FALSE_NEGATIVE_RATE("False-negative rate at the cut-off");

    private final String title;

    Figure(String title) {
        this.title = title;
    }

    /** Returns its name in tables. */
    public String title() {
        return title;
    }

    /** Returns its name in tables at a threshold of an overlap, as {@code Acc at T(IoU) = 0.1}. */
    public String at(WangProtocol.Overlap overlap, double threshold) {
        return String.format(Locale.ROOT, "%s at T(%s) = %s", title, overlap.title(), threshold);
    }

    /** Returns its name in tables for a feature of the true boxes, as {@code Slope of hits, size}. */
    String on(Feature feature) {
        return on(feature.name());
    }

    /** Returns its name in tables for a feature of the true boxes by the feature's name. */
    public String on(String feature) {
        return title + ", " + feature;
    }

    /** Whether a summary shows a figure over all labels together, and not its mean over labels. */
    static boolean isOfAllLabels(String name) {
        return name.startsWith(RODEO.title) || name.startsWith(FALSE_BOXES_PER_IMAGE.title);
    }

    /** Returns the name in tables of a point of the FROC curve at a threshold of the IoU. */
    public static String froc(double threshold, double rate) {
        return String.format(
                Locale.ROOT, "%s, %s false boxes per image", FROC.at(WangProtocol.Overlap.IOU, threshold), rate);
    }
}
