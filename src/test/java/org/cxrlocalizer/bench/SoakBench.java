// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A steady load for a long time: memory, threads and latency must not grow. */
@Command(name = "soak", description = "Resident memory, threads and latency over a long time at a steady load.")
final class SoakBench implements Callable<Integer> {

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(names = "--minutes", defaultValue = "30")
    private double minutes;

    @Option(names = "--load", description = "In percent of the saturated throughput.", defaultValue = "80")
    private int load;

    @Option(names = "--interval", description = "Seconds that one point of the plot stands for.", defaultValue = "30")
    private int interval;

    @Option(names = "--plot", description = "Where to write the plot, SVG.")
    private Path plot = Path.of("target/soak.svg");

    private static final double MOST_GROWTH = 0.1;
    private static final int MOST_MORE_THREADS = 5;

    private record Point(
            double minute, double resident, long threads, double median, double p99, long refused, double stolen) {}

    @Override
    public Integer call() throws Exception {
        System.out.println(Service.machine());
        List<Point> points = new ArrayList<>();
        try (Service service = options.start()) {
            Clients callers = options.clients(service);
            double capacity = callers.closedLoop(8, 20);
            System.out.println("minute,resident MB,threads,p50 / first p50,p99 / first p50,refused,CPU seconds stolen");
            long start = System.nanoTime();
            for (int i = 0; i < minutes * 60 / interval; i++) {
                double stolen = Service.stolenSeconds();
                Clients.Outcome seen = callers.openLoop(capacity * load / 100, interval, Clients.Arrivals.STEADY, i);
                Point point = new Point(
                        (System.nanoTime() - start) / 60e9,
                        service.residentMegabytes(),
                        service.threads(),
                        seen.quantile(0.5),
                        seen.quantile(0.99),
                        seen.refused(),
                        Service.stolenSeconds() - stolen);
                points.add(point);
                double unit = points.get(0).median();
                System.out.printf(
                        Locale.ROOT,
                        "%.1f,%.0f,%d,%.2f,%.2f,%d,%.2f%n",
                        point.minute(),
                        point.resident(),
                        point.threads(),
                        point.median() / unit,
                        point.p99() / unit,
                        point.refused(),
                        point.stolen());
            }
        }
        draw(points);
        return summary(points) ? 0 : 1;
    }

    private void draw(List<Point> points) throws Exception {
        double unit = points.get(0).median();
        String svg = new LineChart("Minutes at %d %% load".formatted(load), false)
                .line("resident memory, GB", points.stream().map(p -> new double[] {p.minute(), p.resident() / 1024}))
                .line("p99 / first p50", points.stream().map(p -> new double[] {p.minute(), p.p99() / unit}))
                .line("p50 / first p50", points.stream().map(p -> new double[] {p.minute(), p.median() / unit}))
                .svg();
        Files.writeString(plot, svg);
        System.out.println("plot: " + plot);
    }

    /**
     * The last third beside the first third that is warm; medians, because other programs disturb.
     *
     * @return whether memory and threads stay what they are; times, which other programs lengthen, are for the reader
     */
    private static boolean summary(List<Point> points) {
        int third = Math.max(1, points.size() / 3);
        List<Point> early = points.subList(0, third);
        List<Point> late = points.subList(points.size() - third, points.size());
        double growth = median(late, Point::resident) / median(early, Point::resident) - 1;
        double moreThreads = median(late, p -> p.threads()) - median(early, p -> p.threads());
        System.out.printf(
                Locale.ROOT,
                "last third against first third: resident memory %+.1f %%, threads %+d, p50 × %.2f, p99 × %.2f; refused %d%n",
                100 * growth,
                (int) moreThreads,
                median(late, Point::median) / median(early, Point::median),
                median(late, Point::p99) / median(early, Point::p99),
                points.stream().mapToLong(Point::refused).sum());
        return growth < MOST_GROWTH && moreThreads < MOST_MORE_THREADS;
    }

    private static double median(List<Point> points, java.util.function.ToDoubleFunction<Point> figure) {
        return LoadBench.median(points.stream().map(figure::applyAsDouble).toList());
    }
}
