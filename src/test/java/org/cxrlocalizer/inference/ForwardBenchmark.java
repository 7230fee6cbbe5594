// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelPackage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.core.io.ClassPathResource;

/**
 * What all else is measured by: a forward pass of one image with two threads. The network is the TorchScript file of the
 * system property {@code bench.network}, which takes 1 × 3 × 224 × 224 values, else the bundled model.
 */
@State(Scope.Thread)
public class ForwardBenchmark {

    private static final String BUNDLED = "cxr14-cells";

    private final Model network;
    private final NDManager manager;
    private final NDList input;
    private final Predictor<NDList, NDList> predictor;

    public ForwardBenchmark() {
        PyTorchSettings.apply(2);
        ModelPackage bundled = ModelPackage.read(BUNDLED, new ClassPathResource("models/" + BUNDLED + "/"));
        String file = System.getProperty("bench.network", "");
        ModelManifest.Input size = bundled.manifest().input();
        Shape shape =
                file.isEmpty() ? new Shape(1, size.channels(), size.size(), size.size()) : new Shape(1, 3, 224, 224);
        network = Model.newInstance("network", "PyTorch");
        try {
            byte[] script = file.isEmpty() ? bundled.torchScript() : Files.readAllBytes(Path.of(file));
            network.load(new ByteArrayInputStream(script));
        } catch (IOException | MalformedModelException e) {
            throw new IllegalStateException("the network cannot be read", e);
        }
        manager = network.getNDManager().newSubManager();
        input = new NDList(manager.randomUniform(0, 1, shape));
        predictor = network.newPredictor(new NoopTranslator(null));
    }

    /** PyTorch rewrites a network in its first passes. */
    @Setup
    public void warmUp() throws TranslateException {
        for (int pass = 0; pass < 10; pass++) {
            forward();
        }
    }

    @Benchmark
    public Object forward() throws TranslateException {
        try (NDList output = predictor.predict(input)) {
            return output.get(0).toFloatArray();
        }
    }

    @TearDown
    public void close() {
        predictor.close();
        manager.close();
        network.close();
    }
}
