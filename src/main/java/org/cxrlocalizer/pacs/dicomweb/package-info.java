// SPDX-License-Identifier: Apache-2.0
/** Speaks DICOMweb (PS3.18) with the PACS nodes that the configuration names. */
@NullMarked
package org.cxrlocalizer.pacs.dicomweb;

import org.jspecify.annotations.NullMarked;
