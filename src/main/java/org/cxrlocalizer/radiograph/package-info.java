/** From bytes to a grey radiograph: PNG and JPEG, with limits that are checked before anything is allocated. */
@NullMarked
package org.cxrlocalizer.radiograph;

import org.jspecify.annotations.NullMarked;
