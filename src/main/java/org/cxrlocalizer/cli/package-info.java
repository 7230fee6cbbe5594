// SPDX-License-Identifier: Apache-2.0
/** The commands of the jar: each walks the same way as the service and adds only its own way in and out. */
@NullMarked
package org.cxrlocalizer.cli;

import org.jspecify.annotations.NullMarked;
