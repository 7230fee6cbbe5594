// SPDX-License-Identifier: Apache-2.0
/** The OpenAPI document: what the controllers' annotations cannot express. */
@NullMarked
package org.cxrlocalizer.api.openapi;

import org.jspecify.annotations.NullMarked;
