// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a list of true boxes has of an image.
 *
 * @param size null where it is not known
 * @param patient null where the list does not state it
 */
record TruthImage(
        List<TruthBox> boxes,
        @Nullable ImageSize size,
        @Nullable String patient) {}
