@NullMarked
package org.cxrlocalizer;

import org.jspecify.annotations.NullMarked;
