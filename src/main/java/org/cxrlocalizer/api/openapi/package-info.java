// SPDX-License-Identifier: Apache-2.0
/** The OpenAPI document: what the controllers' annotations cannot say. */
@NullMarked
package org.cxrlocalizer.api.openapi;

import org.jspecify.annotations.NullMarked;
