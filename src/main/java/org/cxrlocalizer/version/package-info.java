// SPDX-License-Identifier: Apache-2.0
/** The version of this program. */
@NullMarked
package org.cxrlocalizer.version;

import org.jspecify.annotations.NullMarked;
