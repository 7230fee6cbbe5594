// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an image costs by its side, by the size of the batch, and by the number of labels; all in units of one of them. */
@Command(name = "curve", description = "Cost by image side, batch size and labels.")
final class CurveBench implements Callable<Integer> {

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Option(names = "--rounds", description = "Of each measurement, all in alternation.", defaultValue = "5")
    private int rounds;

    @Option(names = "--seconds", description = "Of each measurement.", defaultValue = "3")
    private int seconds;

    @Option(names = "--plot", description = "Where to write the plot, SVG.")
    private Path plot = Path.of("target/cost.svg");

    @Override
    public Integer call() throws Exception {
        System.out.println(Service.machine());
        try (Service service = options.start()) {
            List<double[]> sides = bySide(service);
            List<double[]> batches = byBatch(service);
            List<double[]> labels = byLabels(service);
            Files.writeString(
                    plot,
                    new LineChart("Side of the image in pixels / 256; size of the batch; number of labels", true)
                            .line(
                                    "request by side of its PNG / 256 (1 = 1024 pixels)",
                                    sides.stream().map(point -> new double[] {point[0] / 256, point[1]}))
                            .line("bare forward pass by batch size, an image (1 = batch of 1)", batches.stream())
                            .line("request by number of labels (1 = one label)", labels.stream())
                            .svg());
        }
        System.out.println("plot: " + plot);
        return 0;
    }

    private List<double[]> bySide(Service service) throws Exception {
        int[] sides = {256, 512, 1024, 2048, 4096};
        List<Clients> clients = new ArrayList<>();
        for (int side : sides) {
            clients.add(options.clients(service, side, ""));
        }
        return costs("side of the PNG", sides, 2, i -> clients.get(i).closedLoop(1, seconds));
    }

    private List<double[]> byBatch(Service service) throws Exception {
        int[] sizes = {1, 2, 4, 8, 16, 32};
        return costs("batch size", sizes, 0, i -> service.bareLoop(sizes[i], seconds));
    }

    private List<double[]> byLabels(Service service) throws Exception {
        List<String> all = labels(service);
        int[] counts = IntStream.rangeClosed(1, all.size()).toArray();
        List<Clients> clients = new ArrayList<>();
        for (int count : counts) {
            String query = all.subList(0, count).stream().collect(Collectors.joining("&labels=", "?labels=", ""));
            clients.add(options.clients(service, 1024, query));
        }
        return costs("labels", counts, 0, i -> clients.get(i).closedLoop(1, seconds));
    }

    private static List<String> labels(Service service) throws Exception {
        URI uri = service.uri("/v1/models");
        JsonNode models = new JsonMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
        return models.at("/models/0/labels")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private interface Rate {
        double of(int index) throws Exception;
    }

    /** Time of one image in units of that at the index {@code one}: medians of ratios within a round. */
    private List<double[]> costs(String name, int[] steps, int one, Rate rate) throws Exception {
        List<List<Double>> ratios = Stream.generate(() -> (List<Double>) new ArrayList<Double>())
                .limit(steps.length)
                .toList();
        for (int round = 0; round <= rounds; round++) {
            double[] rates = new double[steps.length];
            for (int i = 0; i < steps.length; i++) {
                rates[i] = rate.of(i);
            }
            for (int i = 0; i < steps.length && round > 0; i++) { // the first round warms
                ratios.get(i).add(rates[one] / rates[i]);
            }
        }
        List<double[]> points = new ArrayList<>();
        System.out.printf("%n| %s | time of an image |%n|---|---|%n", name);
        for (int i = 0; i < steps.length; i++) {
            points.add(new double[] {steps[i], LoadBench.median(ratios.get(i))});
            System.out.printf(Locale.ROOT, "| %d | %.3f |%n", steps[i], points.get(i)[1]);
        }
        return points;
    }
}
