package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.util.List;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.Overlay;

/** Draws one case for a report; it is the caller's, because reading images is not evaluation's. */
@FunctionalInterface
public interface CasePainter {

    /** @return a small JPEG file of the image with heat map and outlines */
    byte[] paint(String image, ClassActivationMap map, ImageFrame frame, String title, List<Overlay.Outline> outlines)
            throws IOException;
}
