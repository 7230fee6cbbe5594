/** One localization against its ground truth. */
@NullMarked
package org.cxrlocalizer.comparison;

import org.jspecify.annotations.NullMarked;
