// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.util.List;

/** A caller named a dataset that is not configured. */
public final class UnknownDatasetException extends RuntimeException {

    UnknownDatasetException(List<String> known) {
        super(
                known.isEmpty()
                        ? "No dataset is configured; the property evaluation.datasets names them."
                        : "There is no such dataset; there are %s.".formatted(String.join(", ", known)));
    }
}
