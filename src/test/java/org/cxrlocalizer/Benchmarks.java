// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.io.File;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs all benchmarks and prints ratios, because times mean little on a machine that others use too. The two sides of a
 * ratio run right after each other, each in a JVM of its own so that neither spoils what the compiler learns of the other,
 * in turns of who comes first; the ratio is the median over the rounds. See src/docs/performance.md.
 */
public final class Benchmarks {

    private static final Side FORWARD = new Side("model.ForwardBenchmark.forward", "");

    private static final List<Ratio> RATIOS = List.of(
            new Ratio(
                    "PNG 1024²: decode, by ImageIO's",
                    side("radiograph.DecodeBenchmark.ours"),
                    side("radiograph.DecodeBenchmark.imageIo")),
            new Ratio("PNG 1024²: decode, by a forward pass", side("radiograph.DecodeBenchmark.ours"), FORWARD),
            new Ratio("resize 1024² to 224², by a forward pass", side("model.InputBenchmark.resize"), FORWARD),
            new Ratio("decode and resize, by a forward pass", side("model.InputBenchmark.decodeAndResize"), FORWARD),
            new Ratio("boxes of 14 maps 7×7, by a forward pass", boxes("surface", 7), FORWARD),
            new Ratio("boxes of 14 maps 16×16, by a forward pass", boxes("surface", 16), FORWARD),
            new Ratio("boxes of 14 maps 7×7, by labelled rasters", boxes("surface", 7), boxes("raster", 7)),
            new Ratio("boxes of 14 maps 16×16, by labelled rasters", boxes("surface", 16), boxes("raster", 16)),
            new Ratio("sweep of 100 levels 7×7, by single cuts", boxes("sweep", 7), boxes("singleCuts", 7)),
            new Ratio("sweep of 100 levels 16×16, by single cuts", boxes("sweep", 16), boxes("singleCuts", 16)),
            new Ratio("overlay 1024²: draw, by a forward pass", side("localization.OverlayBenchmark.draw"), FORWARD),
            new Ratio(
                    "overlay 1024²: encode, by a forward pass", side("localization.OverlayBenchmark.encode"), FORWARD),
            new Ratio(
                    "overlay 1024²: encode, by ImageIO's",
                    side("localization.OverlayBenchmark.encode"),
                    side("localization.OverlayBenchmark.encodeByImageIo")),
            new Ratio(
                    "bootstrap, 1000 draws of 984 boxes, by a forward pass",
                    side("evaluation.metrics.BootstrapBenchmark.thousandDraws"),
                    FORWARD));

    private Benchmarks() {}

    /** @param grid a value for the benchmark's parameter of that name; empty where it has none */
    private record Side(String method, String grid) {}

    private record Ratio(String title, Side measured, Side by) {}

    private static Side side(String method) {
        return new Side(method, "");
    }

    private static Side boxes(String method, int grid) {
        return new Side("localization.BoxesBenchmark." + method, String.valueOf(grid));
    }

    public static void main(String[] arguments) throws RunnerException {
        int rounds = Integer.getInteger("bench.rounds", 5);
        String only = System.getProperty("bench.only", "");
        String network = System.getProperty("bench.network", "");
        PrintStream out = System.out;
        out.printf(
                "forward pass: %s, batch 1, two threads; ratios of %d alternating pairs%n",
                network.isEmpty() ? "bundled model" : new File(network).getName(), rounds);
        out.printf("%-55s %8s   %-17s %s%n", "", "median", "lowest … highest", "fastest ÷ fastest, ms");
        for (Ratio ratio : RATIOS) {
            if (!ratio.title().contains(only)) {
                continue;
            }
            double[] measured = new double[rounds];
            double[] by = new double[rounds];
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                if (round % 2 == 0) {
                    measured[round] = milliseconds(ratio.measured());
                    by[round] = milliseconds(ratio.by());
                } else {
                    by[round] = milliseconds(ratio.by());
                    measured[round] = milliseconds(ratio.measured());
                }
                ratios[round] = measured[round] / by[round];
            }
            Arrays.sort(measured);
            Arrays.sort(by);
            Arrays.sort(ratios);
            out.printf(
                    Locale.ROOT,
                    "%-55s %8.4f   %.4f … %-8.4f %.3f ÷ %.3f = %.4f%n",
                    ratio.title(),
                    ratios[rounds / 2],
                    ratios[0],
                    ratios[rounds - 1],
                    measured[0],
                    by[0],
                    measured[0] / by[0]);
        }
    }

    /** The median of a few short runs in a fresh JVM. */
    private static double milliseconds(Side side) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^org\\.cxrlocalizer\\." + side.method().replace(".", "\\.") + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(1)
                .warmupIterations(4)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(7)
                .measurementTime(TimeValue.milliseconds(200))
                .jvmArgsAppend(
                        "-Xms1g",
                        "-Xmx1g",
                        "-Djava.awt.headless=true",
                        "-Dbench.network=" + System.getProperty("bench.network", ""))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (!side.grid().isEmpty()) {
            options.param("grid", side.grid());
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.iterator().next().getPrimaryResult().getStatistics().getPercentile(50) / 1000;
    }
}
