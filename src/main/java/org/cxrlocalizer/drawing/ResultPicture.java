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

/** The picture in a secondary capture: the heat map of the most probable finding that is shown, and the boxes of all of them. */
public final class ResultPicture {

    private static final Color BOX = new Color(0xffd23f);

    private ResultPicture() {}

    /**
     * Draws the picture, with the radiograph's warnings at its top.
     *
     * @param shown most probable first
     */
    public static BufferedImage draw(Radiograph radiograph, ImageFrame frame, List<Finding> shown, String remark) {
        List<Overlay.Outline> outlines = new ArrayList<>();
        for (Finding finding : shown) {
            String caption = String.format(Locale.ROOT, "%s %.0f %%", finding.label(), 100 * finding.probability());
            finding.boxes().forEach(box -> outlines.add(new Overlay.Outline(box.box(), BOX, caption)));
        }
        Collections.reverse(outlines); // the most probable one on top
        BufferedImage picture;
        if (shown.isEmpty()) {
            picture = Overlay.draw(radiograph, "No finding (%s)".formatted(remark), outlines);
        } else {
            Finding first = shown.get(0);
            picture =
                    Overlay.draw(radiograph, first.map(), frame, "%s (%s)".formatted(first.label(), remark), outlines);
        }
        PictureNotes.draw(picture, radiograph.warnings());
        return picture;
    }
}
