// SPDX-License-Identifier: Apache-2.0
/** DICOM objects with the findings of an image: a structured report, a presentation state, a secondary capture. */
@NullMarked
package org.cxrlocalizer.dicom.documents;

import org.jspecify.annotations.NullMarked;
