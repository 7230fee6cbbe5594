// SPDX-License-Identifier: Apache-2.0
/** What a localizer is worth: figures by label, macro and micro, with intervals. */
@NullMarked
package org.cxrlocalizer.evaluation.metrics;

import org.jspecify.annotations.NullMarked;
