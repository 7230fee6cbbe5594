// SPDX-License-Identifier: Apache-2.0
/** The HTTP interface: controllers, wire records and problems; no logic. */
@NullMarked
package org.cxrlocalizer.api;

import org.jspecify.annotations.NullMarked;
