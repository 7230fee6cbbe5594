// SPDX-License-Identifier: Apache-2.0
/** The files of the NIH ChestX-ray14 dataset. */
@NullMarked
package org.cxrlocalizer.dataset;

import org.jspecify.annotations.NullMarked;
