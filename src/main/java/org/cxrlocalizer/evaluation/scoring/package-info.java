// SPDX-License-Identifier: Apache-2.0
/** Scores systems: from predictions to figures, in the memory that there is, and the calibration of policies. */
@NullMarked
package org.cxrlocalizer.evaluation.scoring;

import org.jspecify.annotations.NullMarked;
