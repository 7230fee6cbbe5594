/** Measures the packaged service; nothing here is a test. See the README's section on benchmarks. */
@NullMarked
package org.cxrlocalizer.bench;

import org.jspecify.annotations.NullMarked;
