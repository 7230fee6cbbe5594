// SPDX-License-Identifier: Apache-2.0
/** Uploads, and connections of the web server: how long their parts may take, and how they end. */
@NullMarked
package org.cxrlocalizer.api.web;

import org.jspecify.annotations.NullMarked;
