// SPDX-License-Identifier: Apache-2.0
/** Evaluations that the service runs in the background, on as many nodes as there are, and goes on with after a restart. */
@NullMarked
package org.cxrlocalizer.evaluation.jobs;

import org.jspecify.annotations.NullMarked;
