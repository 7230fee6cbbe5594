// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Throughput against a bare loop of forward passes, and latency against offered load. */
@Command(name = "load", description = "Throughput against bare forward passes; latency against offered load.")
final class LoadBench implements Callable<Integer> {

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(names = "--rounds", description = "Pairs of bare loop and saturated service.", defaultValue = "5")
    private int rounds;

    @Option(names = "--batch", description = "Of the bare loop; the service's is a setting.", defaultValue = "1")
    private int batch;

    @Option(names = "--seconds", description = "Of each measurement.", defaultValue = "10")
    private int seconds;

    @Option(names = "--clients", description = "That saturate the service.", defaultValue = "8")
    private int clients;

    @Override
    public Integer call() throws Exception {
        System.out.println(Service.machine());
        try (Service service = options.start()) {
            Clients callers = options.clients(service);
            double capacity = saturate(service, callers);
            System.out.printf(
                    Locale.ROOT,
                    "%n| offered load | arrivals | answers a second / capacity | p50 ms | p95 ms | p99 ms | p99 / p50 | refused |%n"
                            + "|---|---|---|---|---|---|---|---|%n");
            for (Clients.Arrivals arrivals : Clients.Arrivals.values()) {
                for (int percent : new int[] {20, 40, 60, 80, 100, 120, 150}) {
                    Clients.Outcome seen = callers.openLoop(capacity * percent / 100, 2.0 * seconds, arrivals, percent);
                    System.out.printf(
                            Locale.ROOT,
                            "| %d %% | %s | %.2f | %.1f | %.1f | %.1f | %.2f | %.1f %% |%n",
                            percent,
                            arrivals.name().toLowerCase(Locale.ROOT),
                            seen.throughput() / capacity,
                            seen.quantile(0.5),
                            seen.quantile(0.95),
                            seen.quantile(0.99),
                            seen.quantile(0.99) / seen.quantile(0.5),
                            100.0 * seen.refused() / (seen.refused() + seen.millis().length));
                }
            }
        }
        return 0;
    }

    /** @return answers a second of the saturated service, the median of the rounds */
    private double saturate(Service service, Clients callers) throws Exception {
        List<Double> ratios = new ArrayList<>();
        List<Double> ownRatios = new ArrayList<>();
        List<Double> saturated = new ArrayList<>();
        double available = seconds * Runtime.getRuntime().availableProcessors();
        for (int round = 0; round < rounds; round++) {
            double bare = service.bareLoop(batch, seconds);
            double servedCpu = service.cpuSeconds();
            double clientCpu = ownCpuSeconds();
            double served = callers.closedLoop(clients, seconds);
            servedCpu = service.cpuSeconds() - servedCpu;
            clientCpu = ownCpuSeconds() - clientCpu;
            saturated.add(served);
            ratios.add(served / bare);
            ownRatios.add(served / bare * (servedCpu + clientCpu) / servedCpu);
            System.out.printf(
                    Locale.ROOT,
                    "round %d: bare %.2f images a second, service %.2f; ratio %.3f; CPU time: service %.1f %%, clients %.1f %%%n",
                    round + 1,
                    bare,
                    served,
                    served / bare,
                    100 * servedCpu / available,
                    100 * clientCpu / available);
        }
        System.out.printf(
                Locale.ROOT,
                "saturated service / bare loop: %.3f (median of %d); %.3f with the clients' CPU time given back to it%n",
                median(ratios),
                rounds,
                median(ownRatios));
        return median(saturated);
    }

    private static double ownCpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
