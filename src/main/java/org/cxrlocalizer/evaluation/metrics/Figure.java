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
    /** At a threshold of the IoU, as recall. */
    AVERAGE_PRECISION("AP"),
    MEAN_AVERAGE_PRECISION("mAP over T(IoU) = 0.1 to 0.7"),
    RECALL("Recall"),
    /** At a threshold of the IoU and a rate of false boxes. */
    FROC("FROC"),
    MEAN_IOU("Mean IoU"),
    MAX_BOX_ACC("MaxBoxAcc"),
    /** Also at a threshold of the IoU. */
    MAX_BOX_ACC_V2("MaxBoxAccV2"),
    PIXEL_PRECISION("PxAP"),
    POINTING_GAME("Pointing game"),
    ENERGY_POINTING_GAME("Energy-based pointing game"),
    AUC("AUC"),
    AUPRC("AUPRC"),
    CALIBRATION_ERROR("Expected calibration error"),
    SENSITIVITY("Sensitivity at the cut-off"),
    SPECIFICITY("Specificity at the cut-off");

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

    /** Returns the name in tables of a point of the FROC curve at a threshold of the IoU. */
    public static String froc(double threshold, double rate) {
        return String.format(
                Locale.ROOT, "%s, %s false boxes per image", FROC.at(WangProtocol.Overlap.IOU, threshold), rate);
    }
}
