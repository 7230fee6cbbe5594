package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.cxrlocalizer.localization.Localization;

/** Walks the main path for one image file; it is the caller's, because reading images and models is not evaluation's. */
@FunctionalInterface
public interface ImageLocalizer {

    /**
     * @return one localization of all labels for each system, in their order
     * @throws IOException or a runtime exception with a message for the user, if the image cannot be used
     */
    List<Localization> localize(Path image, List<BoxSystem> systems) throws IOException;
}
