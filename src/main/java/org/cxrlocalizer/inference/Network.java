// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.TranslateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelManifest.Method;
import org.cxrlocalizer.model.ModelPackage;

/** A TorchScript file in PyTorch: loaded once on each device, and run by each worker with a predictor of its own. */
final class Network implements AutoCloseable {

    private static final double SUM_TOLERANCE = 1e-3;

    /** The time of the search for the greatest expected IoU grows by the square of the cells. */
    private static final int MOST_PROBABILITY_CELLS = 64 * 64;

    /** In bytes. The largest twice: the first time glibc learns to keep a block of its size, the second time it does. */
    private static final int[] POISONED = {1 << 24, 1 << 24, 1 << 20, 1 << 16};

    private static final String RUNTIME_ERROR = "RuntimeError: ";

    private final ModelManifest manifest;
    private final int mostRows;
    private final List<Model> models = new CopyOnWriteArrayList<>();
    private final List<Predictor<TorchScriptTranslator.Call, List<Prediction>>> predictors =
            new CopyOnWriteArrayList<>();

    private final Set<Integer> moved = ConcurrentHashMap.newKeySet();

    private Network(ModelManifest manifest, int mostRows) {
        this.manifest = manifest;
        this.mostRows = mostRows;
    }

    /**
     * Loads a file. A worker loads what it runs, because PyTorch is slower on other threads than those that loaded.
     *
     * @param file what messages call it
     * @throws UnusableException if PyTorch cannot load it
     */
    static Network load(
            ModelManifest manifest,
            String file,
            byte[] torchScript,
            List<Device> devices,
            int maxBatch,
            InferenceWorkers<?, ?, ?> workers) {
        Network network = new Network(manifest, rows(maxBatch));
        try {
            for (int i = 0; i < workers.count(); i++) {
                int worker = i;
                workers.runOn(worker, () -> {
                    if (worker < devices.size()) {
                        network.models.add(load(manifest.name(), file, torchScript, devices.get(worker)));
                    }
                    Model model = network.models.get(worker % devices.size());
                    return network.predictors.add(
                            model.newPredictor(new TorchScriptTranslator(manifest, network.mostRows)));
                });
            }
            return network;
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private static Model load(String name, String file, byte[] torchScript, Device device) {
        Model model = Model.newInstance(name, device, PyTorchSettings.ENGINE);
        try {
            model.load(new ByteArrayInputStream(torchScript), Map.of("mapLocation", "true"));
            return model;
        } catch (IOException | MalformedModelException | EngineException e) {
            model.close();
            throw new UnusableException("PyTorch cannot load %s: %s".formatted(file, reason(e)), e);
        }
    }

    List<Prediction> forward(int worker, Method method, List<ModelInput> inputs) {
        try {
            return predictors
                    .get(worker)
                    .predict(new TorchScriptTranslator.Call(inputs, method.function(), rows(inputs.size())));
        } catch (TranslateException e) {
            throw new IllegalStateException("the forward pass failed", e);
        }
    }

    /** Whether a worker's device still gives any answer; to be called on its thread. */
    boolean answers(int worker) {
        try {
            forward(worker, manifest.method(null), List.of(ModelInput.probe(manifest.input())));
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /**
     * Lets a worker, on whose thread this is called, go on with a file on the CPU.
     *
     * @return whether it did not do so before
     */
    boolean moveToCpu(int worker, byte[] torchScript) {
        if (!moved.add(worker)) {
            return false;
        }
        Model model = load(manifest.name(), ModelPackage.TORCH_SCRIPT, torchScript, Device.cpu());
        models.add(model);
        predictors.set(worker, model.newPredictor(new TorchScriptTranslator(manifest, mostRows)));
        return true;
    }

    /**
     * Fills memory of the CPU that is allocated next with NaN, to detect models that read uninitialized memory: they fail
     * their probes, and not an image later. PyTorch 2.7.1 does so: in oneDNN's convolutions for AVX-512, where a layer reads
     * a number of channels that is no multiple of 16. To be called on the worker's thread, whose memory it is.
     */
    void poisonFreeMemory(int worker) {
        Model model = models.get(worker % models.size());
        for (int block : POISONED) {
            try (NDManager scratch = model.getNDManager().newSubManager(Device.cpu())) {
                scratch.full(new Shape(block / Float.BYTES), Float.NaN);
            }
        }
    }

    /** The next power of two: the sizes that are warmed. */
    static int rows(int images) {
        return images == 1 ? 1 : Integer.highestOneBit(images - 1) * 2;
    }

    /**
     * Runs the same input in every row, on a worker's thread, and checks what comes back.
     *
     * @throws UnusableException if the network breaks the manifest's contract
     */
    List<Prediction> probe(int worker, Method method, ModelInput input, int rows) {
        List<Prediction> predictions;
        try {
            predictions = forward(worker, method, Collections.nCopies(rows, input));
        } catch (IllegalStateException | EngineException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            cause = cause.getCause() instanceof TorchScriptTranslator.WrongShapeException ? cause.getCause() : cause;
            throw new UnusableException("method '%s': %s".formatted(method.name(), reason(cause)), e);
        }
        predictions.forEach(prediction -> check(method, prediction));
        return predictions;
    }

    private void check(Method method, Prediction prediction) {
        if (!prediction.isFinite()) {
            throw new UnusableException(
                    "method '%s' gives values that are not finite; if it does not elsewhere, see src/docs/operations.md on ONEDNN_MAX_CPU_ISA"
                            .formatted(method.name()));
        }
        if (method.isFittedOnBoxes()) {
            checkProbabilities(method, prediction);
        }
        for (int label = 0; method.sumsToLogit() && label < manifest.labels().size(); label++) {
            double residual = prediction.sumResidual(label, manifest.requireBias(label));
            if (!(Math.abs(residual)
                    <= SUM_TOLERANCE * Math.max(1, Math.abs(prediction.logits()[label])))) {
                throw new UnusableException(
                        "method '%s' fails the sum check for %s: mean(map) + bias differs from the logit by %s"
                                .formatted(method.name(), manifest.labels().get(label), residual));
            }
        }
    }

    private static void checkProbabilities(Method method, Prediction prediction) {
        if (prediction.mapWidth() * prediction.mapHeight() > MOST_PROBABILITY_CELLS) {
            throw new UnusableException(
                    "method '%s' has maps of %d × %d cells, and %d are allowed for supervision 'boxes'"
                            .formatted(
                                    method.name(),
                                    prediction.mapWidth(),
                                    prediction.mapHeight(),
                                    MOST_PROBABILITY_CELLS));
        }
        if (!prediction.hasProbabilityMaps()) {
            throw new UnusableException(
                    "method '%s' gives values outside [0, 1], where the supervision 'boxes' needs probabilities of cells"
                            .formatted(method.name()));
        }
    }

    /** What TorchScript code raised, else the first line: its traceback comes before the message. */
    private static String reason(Throwable e) {
        String message = e.getMessage();
        if (message == null) {
            return "no reason is given";
        }
        return message.lines()
                .filter(line -> line.contains(RUNTIME_ERROR))
                .map(line -> line.substring(line.indexOf(RUNTIME_ERROR) + RUNTIME_ERROR.length()))
                .findFirst()
                .orElseGet(() -> message.lines().findFirst().orElse(""));
    }

    @Override
    public void close() {
        predictors.forEach(Predictor::close);
        models.forEach(Model::close);
    }

    /** A file cannot be used as this network; the message has the reason. */
    static final class UnusableException extends RuntimeException {

        UnusableException(String reason) {
            super(reason);
        }

        UnusableException(String reason, Throwable cause) {
            super(reason, cause);
        }
    }
}
