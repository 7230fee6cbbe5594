// SPDX-License-Identifier: Apache-2.0
/** Strict reading of JSON, and words for what is wrong with it. */
@NullMarked
package org.cxrlocalizer.json;

import org.jspecify.annotations.NullMarked;
