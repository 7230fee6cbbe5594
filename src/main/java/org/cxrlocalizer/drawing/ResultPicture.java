// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.drawing;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.radiograph.Radiograph;

/** The picture in a secondary capture: the heat map of the most probable positive finding, and the boxes of all that are shown. */
public final class ResultPicture {

    private static final Color BOX = new Color(0xffd23f);
    private static final String NONE_POSITIVE = "No finding above its cut-off (%s)";
    private static final String NONE_SHOWN = "No finding with a box (%s)";
    private static final String BOXES_ONLY = "Boxes of findings below their cut-offs (%s)";
    private static final String HEAT_MAP = "Heat map: %s (%s)";

    private ResultPicture() {}

    /**
     * Draws the picture, with the radiograph's warnings at its top. A finding below its cut-off has no heat map: most of the
     * image would look as if something were found there.
     *
     * @param findings all of them
     * @param shown those whose boxes are drawn, most probable first
     */
    public static BufferedImage draw(
            Radiograph radiograph, ImageFrame frame, List<Finding> findings, List<Finding> shown, String remark) {
        List<Overlay.Outline> outlines = new ArrayList<>();
        for (Finding finding : shown) {
            String caption = caption(finding);
            finding.boxes().forEach(box -> outlines.add(new Overlay.Outline(box.box(), BOX, caption)));
        }
        Collections.reverse(outlines); // the most probable one on top
        BufferedImage picture = shown.stream()
                .filter(finding -> !isNegative(finding))
                .findFirst()
                .map(finding -> Overlay.draw(
                        radiograph, finding.map(), frame, HEAT_MAP.formatted(finding.label(), remark), outlines))
                .orElseGet(() ->
                        Overlay.draw(radiograph, withoutHeat(findings, shown).formatted(remark), outlines));
        PictureNotes.draw(picture, radiograph.warnings());
        return picture;
    }

    /** As in reports: the probability only where no cut-off makes a word of it. */
    private static String caption(Finding finding) {
        if (finding.positive() == null) {
            return String.format(Locale.ROOT, "%s %.0f %%", finding.label(), 100 * finding.probability());
        }
        return finding.label() + (finding.positive() ? ": positive" : ": below the cut-off");
    }

    private static String withoutHeat(List<Finding> findings, List<Finding> shown) {
        if (!shown.isEmpty()) {
            return BOXES_ONLY;
        }
        return findings.stream().allMatch(ResultPicture::isNegative) ? NONE_POSITIVE : NONE_SHOWN;
    }

    private static boolean isNegative(Finding finding) {
        return Boolean.FALSE.equals(finding.positive());
    }
}
