package org.cxrlocalizer.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.cxrlocalizer.radiograph.Radiograph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model package loaded into PyTorch through the Deep Java Library, warmed on every worker and checked. Safe for use by
 * many threads: forward passes run on a few platform threads of its own, because PyTorch keeps native memory for every
 * thread that ever ran one.
 */
public final class Classifier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Classifier.class);
    private static final int WARM_UP_PASSES = 3;
    private static final int GPU_BATCH = 16;
    private static final double SUM_TOLERANCE = 1e-3;

    private final ModelManifest manifest;
    private final ModelCard card;
    private final List<String> calibrationImages;
    private final List<Device> devices;
    private final int maxBatch;
    private final List<Model> models = new CopyOnWriteArrayList<>();
    private final List<Predictor<TorchScriptTranslator.Call, List<Prediction>>> predictors =
            new CopyOnWriteArrayList<>();
    private final InferenceWorkers<ModelManifest.Method, ModelInput, Prediction> workers;

    private Classifier(
            ModelPackage modelPackage,
            InferenceProperties properties,
            MeterRegistry meters,
            ObservationRegistry observations) {
        manifest = modelPackage.manifest();
        card = new ModelCard(modelPackage.card());
        calibrationImages = modelPackage.calibrationImages();
        devices = InferenceDevices.of(properties.device(), manifest.name());
        boolean gpu = devices.get(0).isGpu();
        int processors = Runtime.getRuntime().availableProcessors();
        int cpuWorkers = properties.workers() == 0 ? processors : properties.workers();
        maxBatch = properties.maxBatch() != 0 ? properties.maxBatch() : gpu ? GPU_BATCH : 1;
        workers = new InferenceWorkers<>(
                manifest.name(),
                new InferenceWorkers.Limits(
                        gpu ? devices.size() : cpuWorkers, properties.queueCapacity(), maxBatch, properties.deadline()),
                this::forward,
                meters,
                observations);
    }

    /**
     * Loads, checks and warms a model.
     *
     * @throws ModelRefusedException if PyTorch cannot load the file, or a method is missing, returns other shapes than
     *     the manifest says, or fails the sum check; or if there is no such device
     */
    static Classifier load(
            ModelPackage modelPackage,
            InferenceProperties properties,
            MeterRegistry meters,
            ObservationRegistry observations) {
        PyTorchSettings.apply(properties.threads());
        Classifier classifier = new Classifier(modelPackage, properties, meters, observations);
        try {
            classifier.loadOnEachDevice(modelPackage);
            classifier.warmUp();
            return classifier;
        } catch (RuntimeException e) {
            classifier.close();
            throw e;
        }
    }

    /** A worker loads what it runs, because PyTorch is slower on other threads than those that loaded. */
    private void loadOnEachDevice(ModelPackage modelPackage) {
        for (int i = 0; i < workers.count(); i++) {
            int worker = i;
            workers.runOn(worker, () -> {
                if (worker < devices.size()) {
                    models.add(load(modelPackage, devices.get(worker)));
                }
                Model model = models.get(worker % devices.size());
                return predictors.add(model.newPredictor(new TorchScriptTranslator(manifest, rows(maxBatch))));
            });
        }
    }

    private static Model load(ModelPackage modelPackage, Device device) {
        String name = modelPackage.manifest().name();
        Model model = Model.newInstance(name, device, "PyTorch");
        try {
            model.load(new ByteArrayInputStream(modelPackage.torchScript()), Map.of("mapLocation", "true"));
            return model;
        } catch (IOException | MalformedModelException | EngineException e) {
            model.close();
            throw new ModelRefusedException(name, "PyTorch cannot load model.pt: " + firstLine(e), e);
        }
    }

    private void warmUp() {
        long start = System.nanoTime();
        ModelInput probe = ModelInput.probe(manifest.input());
        for (int i = 0; i < workers.count(); i++) {
            int worker = i;
            workers.runOn(worker, () -> {
                for (ModelManifest.Method method : manifest.methods().available()) {
                    for (int size = 1; size <= rows(maxBatch); size *= 2) {
                        List<ModelInput> probes = Collections.nCopies(size, probe);
                        for (int pass = 0; pass < WARM_UP_PASSES; pass++) {
                            probe(worker, method, probes).forEach(prediction -> check(method, prediction));
                        }
                    }
                }
                return true;
            });
        }
        LOG.info(
                "Model {} {} is ready on {}: {} workers, batches of up to {}, warmed in {} ms",
                manifest.name(),
                manifest.version(),
                devices,
                workers.count(),
                maxBatch,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private List<Prediction> probe(int worker, ModelManifest.Method method, List<ModelInput> probes) {
        try {
            return forward(worker, method, probes);
        } catch (IllegalStateException | EngineException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            cause = cause.getCause() instanceof TorchScriptTranslator.WrongShapeException ? cause.getCause() : cause;
            throw new ModelRefusedException(
                    manifest.name(), "method '%s': %s".formatted(method.name(), firstLine(cause)), e);
        }
    }

    private void check(ModelManifest.Method method, Prediction prediction) {
        for (float logit : prediction.logits()) {
            if (!Float.isFinite(logit)) {
                throw new ModelRefusedException(
                        manifest.name(), "method '%s' gives logits that are not finite".formatted(method.name()));
            }
        }
        for (int label = 0; method.sumsToLogit() && label < manifest.labels().size(); label++) {
            double residual = sumResidual(prediction, label);
            if (!(Math.abs(residual) <= SUM_TOLERANCE)) {
                throw new ModelRefusedException(
                        manifest.name(),
                        "method '%s' fails the sum check for %s: mean(map) + bias differs from the logit by %s"
                                .formatted(method.name(), manifest.labels().get(label), residual));
            }
        }
    }

    /** {@code mean(map) + bias − logit} of one label; the model must have biases. */
    public double sumResidual(Prediction prediction, int label) {
        int cells = prediction.mapWidth() * prediction.mapHeight();
        double sum = 0;
        for (int i = label * cells; i < (label + 1) * cells; i++) {
            sum += prediction.maps()[i];
        }
        return sum / cells
                + Objects.requireNonNull(manifest.bias()).get(label)
                - prediction.logits()[label];
    }

    public ModelManifest manifest() {
        return manifest;
    }

    public ModelCard card() {
        return card;
    }

    /** File names of the images that the package's box policies were chosen on. Scoring must leave their patients out. */
    public List<String> calibrationImages() {
        return calibrationImages;
    }

    /**
     * Does the work of one caller's image, from its decoding to its answer, if not too many are at that already.
     *
     * @throws InferenceRefusedException before any work is done, if they are, or if the service stops
     */
    public <T> T admit(Supplier<T> work) {
        return workers.admit(work);
    }

    /** Brings a radiograph to the form that the network takes. Runs on the calling thread. */
    public ModelInput prepare(Radiograph radiograph) {
        return ModelInput.of(radiograph, manifest.input());
    }

    /**
     * Runs a forward pass on a worker, maybe together with other images, and waits for it.
     *
     * @throws InferenceRefusedException if too many images wait already, it takes too long, or the service stops
     */
    public Prediction predict(ModelInput input, ModelManifest.Method method) {
        return workers.run(method, input);
    }

    private List<Prediction> forward(int worker, ModelManifest.Method method, List<ModelInput> inputs) {
        try {
            return predictors
                    .get(worker)
                    .predict(new TorchScriptTranslator.Call(inputs, method.function(), rows(inputs.size())));
        } catch (TranslateException e) {
            throw new IllegalStateException("the forward pass failed", e);
        }
    }

    /** The next power of two: the sizes that are warmed. */
    private static int rows(int images) {
        return images == 1 ? 1 : Integer.highestOneBit(images - 1) * 2;
    }

    /** How this model is run here. */
    public Execution execution() {
        return new Execution(devices.stream().map(Device::toString).toList(), workers.count(), maxBatch);
    }

    /**
     * How a model is run.
     *
     * @param devices as {@code cpu} or {@code gpu(0)}
     * @param workers threads that run forward passes
     * @param maxBatch most images of one forward pass
     */
    public record Execution(List<String> devices, int workers, int maxBatch) {}

    private static String firstLine(Throwable e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        workers.close();
        models.forEach(Model::close);
    }
}
