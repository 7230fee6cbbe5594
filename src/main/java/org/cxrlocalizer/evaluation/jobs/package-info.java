/** Evaluations that the service runs in the background, and goes on with after a restart. */
@NullMarked
package org.cxrlocalizer.evaluation.jobs;

import org.jspecify.annotations.NullMarked;
