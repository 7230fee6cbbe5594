// SPDX-License-Identifier: Apache-2.0
/** Measures the packaged service; nothing here is a test. See src/docs/performance.md. */
@NullMarked
package org.cxrlocalizer.bench;

import org.jspecify.annotations.NullMarked;
