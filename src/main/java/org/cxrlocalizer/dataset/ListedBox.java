// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import org.cxrlocalizer.geometry.Box;

/**
 * A box of a list.
 *
 * @param line its number, from 1, the header included; in a JSON file, the number of its annotation
 * @param score orders the boxes of a label, highest first; any finite number, or NaN in a list of true boxes
 */
public record ListedBox(long line, String imageIndex, String label, Box box, double score) {}
