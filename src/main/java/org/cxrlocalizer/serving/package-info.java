// SPDX-License-Identifier: Apache-2.0
/** Served models: what localizes with one, references to the current one, reload, and health. */
@NullMarked
package org.cxrlocalizer.serving;

import org.jspecify.annotations.NullMarked;
