package org.cxrlocalizer.localization;

import org.cxrlocalizer.geometry.Box;

/**
 * A detected box in original pixels.
 *
 * @param score the label's probability times the region's peak over the map's maximum, in [0, 1]
 */
public record ScoredBox(Box box, double score) {}
