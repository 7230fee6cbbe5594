// SPDX-License-Identifier: Apache-2.0
/** Tables of reports, labelled line by line. */
@NullMarked
package org.cxrlocalizer.reports.tables;

import org.jspecify.annotations.NullMarked;
