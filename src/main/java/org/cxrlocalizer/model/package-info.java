// SPDX-License-Identifier: Apache-2.0
/** Model packages: manifest, card, catalogue, and where they come from. */
@NullMarked
package org.cxrlocalizer.model;

import org.jspecify.annotations.NullMarked;
