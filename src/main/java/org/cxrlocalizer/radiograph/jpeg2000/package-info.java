// SPDX-License-Identifier: Apache-2.0
/** The pixels of JPEG 2000 code streams, whose structure is checked before JJ2000 decodes them. */
@NullMarked
package org.cxrlocalizer.radiograph.jpeg2000;

import org.jspecify.annotations.NullMarked;
