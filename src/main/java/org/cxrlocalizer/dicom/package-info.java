// SPDX-License-Identifier: Apache-2.0
/**
 * DICOM files and data sets (PS3.5, PS3.10), without a toolkit: none is published on the central repository. What is read
 * is bounded by what is there: each length that a file states is checked against the remaining bytes.
 */
@NullMarked
package org.cxrlocalizer.dicom;

import org.jspecify.annotations.NullMarked;
