// SPDX-License-Identifier: Apache-2.0
/** What every background job needs: the clock, the library's tables, outages, the roles of a node, and scheduling. */
@NullMarked
package org.cxrlocalizer.jobs;

import org.jspecify.annotations.NullMarked;
