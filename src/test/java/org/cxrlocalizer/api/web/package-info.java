// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.cxrlocalizer.api.web;

import org.jspecify.annotations.NullMarked;
