// SPDX-License-Identifier: Apache-2.0
/** Pictures: renderings, overlays with their colour map, outlines, and the pictures of results. */
@NullMarked
package org.cxrlocalizer.drawing;

import org.jspecify.annotations.NullMarked;
