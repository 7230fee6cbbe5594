// SPDX-License-Identifier: Apache-2.0
/** Studies of a PACS, localized in the background; the results go back to it. */
@NullMarked
package org.cxrlocalizer.pacs.jobs;

import org.jspecify.annotations.NullMarked;
