// SPDX-License-Identifier: Apache-2.0
/** DICOM objects of a localization: report, presentation state, and secondary capture. */
@NullMarked
package org.cxrlocalizer.results;

import org.jspecify.annotations.NullMarked;
