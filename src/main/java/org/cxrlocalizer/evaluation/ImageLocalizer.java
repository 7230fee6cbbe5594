package org.cxrlocalizer.evaluation;

import java.util.List;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.localization.Localization;

/** Walks the main path for one image file; it is the caller's, because reading images and models is not evaluation's. */
@FunctionalInterface
public interface ImageLocalizer {

    /**
     * Localizes the bytes of one image file.
     *
     * @return one localization of all labels for each system, in their order
     * @throws RuntimeException with a message for the user, if the image cannot be used
     */
    List<Localization> localize(byte[] image, List<BoxSystem> systems);

    /** Returns the size of the largest file that is read, in bytes. */
    default long maxBytes() {
        return Integer.MAX_VALUE;
    }
}
