// SPDX-License-Identifier: Apache-2.0
/** Pixels of JPEG-LS images, lossless and near-lossless (ITU-T T.87). */
@NullMarked
package org.cxrlocalizer.radiograph.jpegls;

import org.jspecify.annotations.NullMarked;
