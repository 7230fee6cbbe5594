// SPDX-License-Identifier: Apache-2.0
/** Figures of a localizer, by label, macro and micro, with intervals. */
@NullMarked
package org.cxrlocalizer.evaluation.metrics;

import org.jspecify.annotations.NullMarked;
