// SPDX-License-Identifier: Apache-2.0
/** Posts the ends of jobs to a configured address. */
@NullMarked
package org.cxrlocalizer.webhook;

import org.jspecify.annotations.NullMarked;
