// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.localization;

import org.cxrlocalizer.geometry.Box;

/**
 * A detected box in original pixels.
 *
 * @param score in [0, 1]: the label's probability times the region's peak over the map's maximum; under
 *     {@link BoxPolicy.ExpectedIou} the box's expected IoU
 */
public record ScoredBox(Box box, double score) {}
