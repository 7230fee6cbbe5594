package org.cxrlocalizer.dataset;

import java.util.List;

/** What is fixed in the NIH ChestX-ray14 dataset (Wang et al., CVPR 2017). */
public final class ChestXray14 {

    /** The 14 labels in the order of the dataset's page. */
    public static final List<String> LABELS = List.of(
            "Atelectasis",
            "Cardiomegaly",
            "Effusion",
            "Infiltration",
            "Mass",
            "Nodule",
            "Pneumonia",
            "Pneumothorax",
            "Consolidation",
            "Edema",
            "Emphysema",
            "Fibrosis",
            "Pleural_Thickening",
            "Hernia");

    /** Side in pixels of the released images, which the boxes refer to. */
    public static final int IMAGE_SIDE = 1024;

    private ChestXray14() {}

    /** The label's name in the order above; {@code BBox_List_2017.csv} writes Infiltration as Infiltrate. */
    static String canonicalLabel(String label) {
        return label.equals("Infiltrate") ? "Infiltration" : label;
    }
}
