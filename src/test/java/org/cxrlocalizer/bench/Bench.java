// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks of the packaged service. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        subcommands = {LoadBench.class, SoakBench.class, CurveBench.class})
final class Bench {

    private Bench() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }
}
