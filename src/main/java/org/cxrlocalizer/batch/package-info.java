// SPDX-License-Identifier: Apache-2.0
/** Localizes the images of a directory into another one. */
@NullMarked
package org.cxrlocalizer.batch;

import org.jspecify.annotations.NullMarked;
