// SPDX-License-Identifier: Apache-2.0
/** Grey samples as every format gives them, their orientation, and the refusal of damaged ones. */
@NullMarked
package org.cxrlocalizer.radiograph.pixels;

import org.jspecify.annotations.NullMarked;
