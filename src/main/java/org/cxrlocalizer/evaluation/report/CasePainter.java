package org.cxrlocalizer.evaluation.report;

import java.util.List;
import org.cxrlocalizer.drawing.Overlay;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;

/** Draws one case for a report; it is the caller's, because reading images is not evaluation's. */
@FunctionalInterface
public interface CasePainter {

    /**
     * Draws an image as it was scored.
     *
     * @param sha256 of the file that was scored
     * @return a small JPEG file of the image with heat map and outlines
     * @throws NoPictureException if the image cannot be drawn as it was scored
     */
    byte[] paint(
            String image,
            String sha256,
            ClassActivationMap map,
            ImageFrame frame,
            String title,
            List<Overlay.Outline> outlines)
            throws NoPictureException;
}
