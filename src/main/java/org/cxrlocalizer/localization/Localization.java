package org.cxrlocalizer.localization;

import java.util.List;
import org.cxrlocalizer.geometry.ImageFrame;

/**
 * What a model found on one radiograph.
 *
 * @param frame where the model's input, and so each map, lies on the original image
 * @param findings in order of falling probability
 */
public record Localization(String method, BoxPolicy policy, ImageFrame frame, List<Finding> findings) {}
