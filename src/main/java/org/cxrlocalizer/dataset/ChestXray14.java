// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    /**
     * Small letters alone to the label. {@code BBox_List_2017.csv} writes Infiltration as Infiltrate; CheXpert and VinDr-CXR write
     * Effusion and Fibrosis in two words.
     */
    private static final Map<String, String> BY_LETTERS = byLetters();

    private ChestXray14() {}

    /** Whether a name is of the released form, as {@code 00000032_037.png}. */
    public static boolean isImageIndex(String name) {
        return IMAGE_INDEX.matcher(name).matches();
    }

    /**
     * The patient that an image index names: its part before the underscore, in names of this dataset and of CheXpert's. An image
     * of any other name counts as a patient of its own.
     */
    public static String patientOf(String imageIndex) {
        return isImageIndex(imageIndex) || ImageNames.isOfChexpert(imageIndex)
                ? imageIndex.substring(0, imageIndex.indexOf('_'))
                : imageIndex;
    }

    /** The label that a text writes, regardless of case, spaces and underscores; empty if it is none of the 14. */
    static Optional<String> label(String text) {
        return LABELS.contains(text) ? Optional.of(text) : Optional.ofNullable(BY_LETTERS.get(letters(text)));
    }

    /** Whether a text states that an image has no finding. */
    static boolean isNoFinding(String text) {
        return letters(text).equals("nofinding");
    }

    static String letters(String text) {
        return text.replaceAll("[\\s_-]", "").toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> byLetters() {
        Map<String, String> labels = new HashMap<>(
                Map.of("infiltrate", "Infiltration", "pleuraleffusion", "Effusion", "pulmonaryfibrosis", "Fibrosis"));
        LABELS.forEach(label -> labels.put(letters(label), label));
        return Map.copyOf(labels);
    }
}
