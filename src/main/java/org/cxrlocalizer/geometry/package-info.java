// SPDX-License-Identifier: Apache-2.0
/** Boxes, their overlaps, and the map between a model's grid and the pixels of an image. */
@NullMarked
package org.cxrlocalizer.geometry;

import org.jspecify.annotations.NullMarked;
