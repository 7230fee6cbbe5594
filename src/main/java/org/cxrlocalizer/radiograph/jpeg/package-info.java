// SPDX-License-Identifier: Apache-2.0
/** The structure of JPEG files, and whether their scans are whole. */
@NullMarked
package org.cxrlocalizer.radiograph.jpeg;

import org.jspecify.annotations.NullMarked;
