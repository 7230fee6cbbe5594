// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import org.jspecify.annotations.Nullable;

/**
 * An image of a list.
 *
 * @param size null where the list does not state it
 * @param patient null where the list does not state it
 */
record ListedImage(
        String imageIndex,
        @Nullable ImageSize size,
        @Nullable String patient) {}
