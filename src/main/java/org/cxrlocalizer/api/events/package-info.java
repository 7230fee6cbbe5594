// SPDX-License-Identifier: Apache-2.0
/** The progress of jobs as Server-Sent Events. */
@NullMarked
package org.cxrlocalizer.api.events;

import org.jspecify.annotations.NullMarked;
