// SPDX-License-Identifier: Apache-2.0
/** One localization against its ground truth. */
@NullMarked
package org.cxrlocalizer.comparison;

import org.jspecify.annotations.NullMarked;
