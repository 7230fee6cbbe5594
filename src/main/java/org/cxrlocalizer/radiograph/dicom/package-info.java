// SPDX-License-Identifier: Apache-2.0
/** The pixels of DICOM files: codecs, run lengths, and grey scales. */
@NullMarked
package org.cxrlocalizer.radiograph.dicom;

import org.jspecify.annotations.NullMarked;
