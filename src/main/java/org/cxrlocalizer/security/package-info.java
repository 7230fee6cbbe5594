// SPDX-License-Identifier: Apache-2.0
/** Authentication by API keys or tokens, scopes, rate limits, and the audit log. */
@NullMarked
package org.cxrlocalizer.security;

import org.jspecify.annotations.NullMarked;
