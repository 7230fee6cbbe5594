// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.TruthBox;
import org.cxrlocalizer.evaluation.BoxListEvaluation;
import org.cxrlocalizer.evaluation.DatasetFiles;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.report.Gallery;
import org.cxrlocalizer.evaluation.report.ReportFiles;
import org.cxrlocalizer.geometry.Box;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.ScoredBox;
import org.springframework.core.io.ClassPathResource;

/**
 * A scoring in a JVM of its own, where nothing else is reachable. The file {@link #BYTES} of its folder has the estimate
 * of its memory, and the most that was reachable while it ran.
 */
final class MeasuredScoring {

    static final String BYTES = "bytes";

    private static final long UNLIMITED = Long.MAX_VALUE;

    private MeasuredScoring() {}

    /** @param args what is scored, and a folder for its files */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        if (args[0].equals("list")) {
            listOfBoxes(folder);
        } else {
            manySystems(folder);
        }
    }

    /** The most memory that is reachable while something runs, beside what was before it, in bytes. */
    private static long measured(Callable<?> work) throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            long before = reachable();
            long most = before;
            Future<?> running = thread.submit(work);
            while (true) {
                most = Math.max(most, reachable());
                try {
                    running.get(250, TimeUnit.MILLISECONDS);
                    return most - before;
                } catch (TimeoutException e) {
                    // goes on
                }
            }
        } finally {
            thread.shutdown();
        }
    }

    private static long reachable() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void write(Path folder, ScoringSize size, long measured) throws IOException {
        Files.writeString(folder.resolve(BYTES), size.bytes() + " " + measured);
    }

    private static void listOfBoxes(Path folder) throws Exception {
        int rows = 100_000;
        Path list = folder.resolve("boxes.csv");
        DatasetFiles files = DatasetFiles.read(null, null, null);
        List<String> images = List.copyOf(files.truth().images());
        try (BufferedWriter out = Files.newBufferedWriter(list)) {
            out.write("Image Index,Finding Label,Bbox [x,y,w,h],Score\n");
            for (int i = 0; i < rows; i++) {
                String image = images.get(i % images.size());
                String label = files.truth().of(image).orElseThrow().get(0).label();
                out.write("%s,%s,%d.5,%d,300,200,0.%d%n".formatted(image, label, i % 700, i % 800, i % 997));
            }
        }
        Bootstrap bootstrap = new Bootstrap(1, 4);
        BoxListEvaluation run =
                new BoxListEvaluation("test", files, folder.resolve("out"), new ScoringMemory(UNLIMITED));

        long measured = measured(() -> run.score(list, null, bootstrap, ScoringGuard.NONE));

        write(folder, new ScoringSize(images.size(), 984, 0, 1, rows, bootstrap), measured);
    }

    private static void manySystems(Path folder) throws Exception {
        GroundTruth truth = GroundTruth.read(new ClassPathResource("nih/BBox_List_2017.csv"))
                .content();
        List<BoxSystem> systems = new ArrayList<>();
        for (String method : List.of("cam", "layercam")) {
            for (int percentile = 60; percentile < 70; percentile++) {
                systems.add(BoxSystem.of(method, new BoxPolicy.Percentile(percentile, BoxPolicy.Selection.DEFAULT)));
            }
        }
        Bootstrap bootstrap = new Bootstrap(1, 4);
        List<String> images = truth.images().stream().limit(40).toList();
        long truths = images.stream()
                .mapToLong(image -> truth.of(image).orElseThrow().size())
                .sum();
        long[] boxes = new long[1];

        long measured = measured(() -> {
            PredictionPacking packing = new PredictionPacking();
            List<ImagePrediction> predictions = images.stream()
                    .map(image -> packing.pack(prediction(image, truth, systems)))
                    .toList();
            boxes[0] = ScoringSize.boxes(predictions);
            return write(folder, predictions, truth, systems, bootstrap);
        });

        write(
                folder,
                ScoringSize.expected(images.size(), truths, systems, ChestXray14.LABELS.size(), bootstrap)
                        .withBoxes(boxes[0]),
                measured);
    }

    private static ImagePrediction prediction(String image, GroundTruth truth, List<BoxSystem> systems) {
        Map<String, Double> probabilities = new TreeMap<>();
        Map<String, Boolean> positive = new TreeMap<>();
        Map<String, Map<String, ClassActivationMap>> maps = new TreeMap<>();
        Map<String, Map<String, List<ScoredBox>>> boxes = new TreeMap<>();
        for (String label : ChestXray14.LABELS) {
            probabilities.put(label, 0.5 + label.length() / 100.0);
            positive.put(label, true);
        }
        for (BoxSystem system : systems) {
            Map<String, List<ScoredBox>> byLabel = new TreeMap<>();
            for (String label : ChestXray14.LABELS) {
                byLabel.put(
                        label,
                        IntStream.range(0, 3)
                                .mapToObj(i -> new ScoredBox(new Box(100.5 * i, 200, 300, 250), 0.9 / (i + 1)))
                                .toList());
            }
            boxes.put(system.name(), byLabel);
            Map<String, ClassActivationMap> ofMethod = maps.computeIfAbsent(system.mapsOf(), it -> new TreeMap<>());
            for (TruthBox box : truth.of(image).orElseThrow()) {
                ofMethod.computeIfAbsent(box.label(), label -> new ClassActivationMap(24, 24, grid(image.hashCode())));
            }
        }
        return new ImagePrediction(
                image, "0".repeat(64), null, ImageFrame.stretch(1024, 1024), probabilities, positive, maps, boxes);
    }

    private static float[] grid(int seed) {
        float[] values = new float[24 * 24];
        for (int i = 0; i < values.length; i++) {
            values[i] = (seed ^ i * 0x9E3779B9) >>> 8;
        }
        return values;
    }

    private static Object write(
            Path folder,
            List<ImagePrediction> predictions,
            GroundTruth truth,
            List<BoxSystem> systems,
            Bootstrap bootstrap)
            throws IOException {
        EvaluationManifest manifest = new EvaluationManifest(
                1, "test", null, Map.of(), "", systems, false, null, bootstrap.seed(), bootstrap.draws());
        Map<String, Function<String, BoxPolicy.MapPolicy>> policies = new HashMap<>();
        systems.forEach(system -> policies.put(system.name(), label -> (BoxPolicy.MapPolicy) system.requirePolicy()));
        EvaluationReport report = Scoring.report(
                new Scoring.Inputs(manifest, truth, policies, Map.of(), Map.of(), List.of()), predictions);
        ReportFiles.write(
                folder.resolve("out"),
                report,
                predictions,
                truth,
                Gallery.choose(predictions, truth, systems.get(0)),
                List.of(),
                List.of());
        return report;
    }
}
