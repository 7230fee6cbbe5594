// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.Rescale;
import org.cxrlocalizer.dicom.ValueWindow;

/**
 * Notes numbers of a data set that cannot be used, and that no picture depends on. They are ignored: without them the pixels
 * are those that the file holds.
 */
final class UnusableNumbers {

    private static final Map<Attribute, String> NAMES = names();

    private UnusableNumbers() {}

    private static Map<Attribute, String> names() {
        Map<Attribute, String> names = new LinkedHashMap<>();
        names.put(Attribute.NUMBER_OF_FRAMES, "number of frames");
        names.put(Attribute.PIXEL_SPACING, "pixel spacing");
        names.put(Attribute.IMAGER_PIXEL_SPACING, "imager pixel spacing");
        names.put(Attribute.PIXEL_ASPECT_RATIO, "pixel aspect ratio");
        names.put(Attribute.WINDOW_CENTER, "window centre");
        names.put(Attribute.WINDOW_WIDTH, "window width");
        names.put(Attribute.RESCALE_SLOPE, "rescale slope");
        names.put(Attribute.RESCALE_INTERCEPT, "rescale intercept");
        return names;
    }

    static List<String> notes(DataSet dataSet) {
        List<String> notes = new ArrayList<>();
        NAMES.forEach((attribute, name) -> {
            if (!dataSet.has(attribute)) {
                return;
            }
            if (isAmbiguous(dataSet, attribute)) {
                notes.add("The file's %s has a comma that may be a decimal point or one of thousands; it was ignored."
                        .formatted(name));
            } else if (!isUsable(dataSet, attribute)) {
                notes.add("The file's %s is unusable; it was ignored.".formatted(name));
            } else if (dataSet.strings(attribute).stream().anyMatch(value -> value.indexOf(',') >= 0)) {
                notes.add("The file's %s has a decimal comma; it was read as a point.".formatted(name));
            }
        });
        if (ValueWindow.ignoredBefore(dataSet) > 0) {
            notes.add("The file's first window is unusable; the next one that is usable was taken as the first.");
        }
        return notes;
    }

    private static boolean isAmbiguous(DataSet dataSet, Attribute attribute) {
        return switch (attribute) {
            case WINDOW_CENTER, WINDOW_WIDTH ->
                ValueWindow.isAmbiguous(dataSet)
                        && dataSet.strings(attribute).get(0).indexOf(',') >= 0;
            case RESCALE_INTERCEPT -> Rescale.isAmbiguous(dataSet);
            default -> false;
        };
    }

    private static boolean isUsable(DataSet dataSet, Attribute attribute) {
        double[] numbers = dataSet.decimals(attribute);
        return switch (attribute) {
            case PIXEL_SPACING, IMAGER_PIXEL_SPACING, PIXEL_ASPECT_RATIO ->
                numbers.length == 2 && numbers[0] > 0 && numbers[1] > 0;
            case NUMBER_OF_FRAMES -> numbers.length > 0 && numbers[0] == dataSet.numberOfFrames();
            case WINDOW_CENTER, WINDOW_WIDTH ->
                numbers.length > 0
                        && (!Double.isNaN(numbers[0])
                                || ValueWindow.firstOf(dataSet).isPresent());
            default -> numbers.length > 0 && !Double.isNaN(numbers[0]);
        };
    }
}
