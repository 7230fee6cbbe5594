/** What goes back to a PACS: results as DICOM objects. */
@NullMarked
package org.cxrlocalizer.pacs;

import org.jspecify.annotations.NullMarked;
