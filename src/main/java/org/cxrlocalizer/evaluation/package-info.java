/** How boxes compare with the ground truth. */
@NullMarked
package org.cxrlocalizer.evaluation;

import org.jspecify.annotations.NullMarked;
