/** From bytes to a grey radiograph: PNG, JPEG and DICOM, with limits that are checked before anything is allocated. */
@NullMarked
package org.cxrlocalizer.radiograph;

import org.jspecify.annotations.NullMarked;
