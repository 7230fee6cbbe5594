package org.cxrlocalizer.dataset;

import java.util.List;
import java.util.regex.Pattern;

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

    private static final Pattern IMAGE_INDEX = Pattern.compile("\\d{8}_\\d{3}\\.png");

    private ChestXray14() {}

    /** Whether a name is of the released form, as {@code 00000032_037.png}. */
    public static boolean isImageIndex(String name) {
        return IMAGE_INDEX.matcher(name).matches();
    }

    /** The patient that an image index names: its part before the underscore. */
    public static String patientOf(String imageIndex) {
        int end = imageIndex.indexOf('_');
        return end < 0 ? imageIndex : imageIndex.substring(0, end);
    }

    /** The label's name in the order above; {@code BBox_List_2017.csv} writes Infiltration as Infiltrate. */
    static String canonicalLabel(String label) {
        return label.equals("Infiltrate") ? "Infiltration" : label;
    }
}
