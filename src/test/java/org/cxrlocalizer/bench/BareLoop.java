// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cxrlocalizer.model.ModelManifest;

/**
 * Nothing but forward passes of the model's default method, by the Deep Java Library alone: what the hardware gives, to hold the
 * service against. Each thread loads the network that it runs and passes the same input again and again.
 */
final class BareLoop implements AutoCloseable {

    private final List<ExecutorService> threads = new ArrayList<>();
    private final List<Network> networks = new ArrayList<>();
    private final int batch;

    private record Network(Model model, Predictor<NDList, NDList> predictor, NDManager manager, NDList input) {}

    BareLoop(Path torchScript, Device device, ModelManifest manifest, int threadCount, int batch) throws Exception {
        this.batch = batch;
        for (int i = 0; i < threadCount; i++) {
            ExecutorService thread = Executors.newSingleThreadExecutor();
            threads.add(thread);
            networks.add(
                    thread.submit(() -> load(torchScript, device, manifest)).get());
        }
        imagesPerSecond(1);
    }

    private Network load(Path torchScript, Device device, ModelManifest manifest) throws Exception {
        Model model = Model.newInstance("bare", device, "PyTorch");
        model.load(Files.newInputStream(torchScript), Map.of("mapLocation", "true"));
        NDManager manager = model.getNDManager().newSubManager();
        int side = manifest.input().size();
        NDArray image =
                manager.randomUniform(0, 1, new Shape(batch, manifest.input().channels(), side, side));
        NDArray marker = manager.create(0f);
        // By which DJL's PyTorch engine chooses the method.
        marker.setName("module_method:" + manifest.method(null).function());
        NDList input = new NDList(image, marker);
        return new Network(model, model.newPredictor(new NoopTranslator()), manager, input);
    }

    /** Images a second of all threads together. */
    double imagesPerSecond(double seconds) throws Exception {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Future<Double>> rates = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            Network network = networks.get(i);
            Callable<Double> loop = () -> {
                long start = System.nanoTime();
                long images = 0;
                while (System.nanoTime() < end) {
                    try (NDList answer = network.predictor.predict(network.input)) {
                        // Copied out, because a GPU answers before it is done.
                        images += answer.head().toFloatArray().length
                                / answer.head().getShape().get(1);
                    }
                }
                return images * 1e9 / (System.nanoTime() - start);
            };
            rates.add(threads.get(i).submit(loop));
        }
        double sum = 0;
        for (Future<Double> rate : rates) {
            sum += rate.get();
        }
        return sum;
    }

    @Override
    public void close() {
        for (int i = 0; i < networks.size(); i++) {
            Network network = networks.get(i);
            CompletableFuture.runAsync(
                            () -> {
                                network.manager.close();
                                network.predictor.close();
                                network.model.close();
                            },
                            threads.get(i))
                    .join();
            threads.get(i).shutdown();
        }
    }
}
