// SPDX-License-Identifier: Apache-2.0
/** The run of an evaluation: which images, their predictions, and what is done with them. */
@NullMarked
package org.cxrlocalizer.evaluation;

import org.jspecify.annotations.NullMarked;
