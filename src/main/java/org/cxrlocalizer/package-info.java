// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.cxrlocalizer;

import org.jspecify.annotations.NullMarked;
