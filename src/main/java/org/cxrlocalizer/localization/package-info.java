// SPDX-License-Identifier: Apache-2.0
/** The mathematics from class activation maps to boxes. */
@NullMarked
package org.cxrlocalizer.localization;

import org.jspecify.annotations.NullMarked;
