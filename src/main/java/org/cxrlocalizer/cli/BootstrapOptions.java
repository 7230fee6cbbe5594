// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import picocli.CommandLine.Option;

/** How intervals are drawn. */
final class BootstrapOptions {

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the bootstrap and the random map. Default: ${DEFAULT-VALUE}.")
    private long seed = Bootstrap.DEFAULT.seed();

    @Option(names = "--draws", paramLabel = "N", description = "Draws of the bootstrap. Default: ${DEFAULT-VALUE}.")
    private int draws = Bootstrap.DEFAULT.draws();

    Bootstrap bootstrap() {
        return new Bootstrap(seed, draws);
    }
}
