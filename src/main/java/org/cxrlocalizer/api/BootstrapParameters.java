// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.jspecify.annotations.Nullable;

/** How intervals are drawn, in the query. */
record BootstrapParameters(
        @Nullable Long seed, @Nullable @Min(1) @Max(100_000) Integer draws) {

    Bootstrap toBootstrap() {
        return new Bootstrap(
                seed == null ? Bootstrap.DEFAULT.seed() : seed, draws == null ? Bootstrap.DEFAULT.draws() : draws);
    }
}
