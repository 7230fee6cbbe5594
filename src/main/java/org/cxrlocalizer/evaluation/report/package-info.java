// SPDX-License-Identifier: Apache-2.0
/** Writes the report of an evaluation: the page, its pictures, and the files beside it. */
@NullMarked
package org.cxrlocalizer.evaluation.report;

import org.jspecify.annotations.NullMarked;
