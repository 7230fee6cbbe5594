// SPDX-License-Identifier: Apache-2.0
/** The pixels of PNG files. */
@NullMarked
package org.cxrlocalizer.radiograph.png;

import org.jspecify.annotations.NullMarked;
