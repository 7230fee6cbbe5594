// SPDX-License-Identifier: Apache-2.0
/** From bytes to a grey radiograph: the reader, its limits and memory, and what a file states of the patient's view. */
@NullMarked
package org.cxrlocalizer.radiograph;

import org.jspecify.annotations.NullMarked;
