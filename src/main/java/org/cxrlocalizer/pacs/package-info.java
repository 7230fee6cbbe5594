// SPDX-License-Identifier: Apache-2.0
/** The configuration of the PACS that studies come from and results go to. */
@NullMarked
package org.cxrlocalizer.pacs;

import org.jspecify.annotations.NullMarked;
