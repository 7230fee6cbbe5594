// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.Device;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.cxrlocalizer.model.ModelCard;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelPackage;
import org.cxrlocalizer.model.ModelRefusedException;
import org.cxrlocalizer.radiograph.Radiograph;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model package loaded into PyTorch through the Deep Java Library, warmed on every worker and checked. Safe for use by
 * many threads: forward passes run on a few platform threads of its own, because PyTorch keeps native memory for every
 * thread that ever ran one.
 */
public final class Classifier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Classifier.class);
    private static final int GPU_BATCH = 16;

    private final ModelManifest manifest;
    private final ModelCard card;
    private final List<String> calibrationImages;
    private final List<Device> devices;
    private final int maxBatch;
    private final InferenceWorkers<ModelManifest.Method, ModelInput, Prediction> workers;
    private final byte @Nullable [] cpuFallback;
    private @Nullable VariantChoice choice;

    private Classifier(
            ModelPackage modelPackage,
            InferenceProperties properties,
            MeterRegistry meters,
            ObservationRegistry observations) {
        manifest = modelPackage.manifest();
        card = new ModelCard(modelPackage.card());
        calibrationImages = modelPackage.calibrationImages();
        devices = InferenceDevices.find(properties.device(), manifest.name());
        DeviceMemory.measure(devices, meters);
        boolean gpu = devices.get(0).isGpu();
        int processors = Runtime.getRuntime().availableProcessors();
        int cpuWorkers = properties.workers() == 0 ? processors : properties.workers();
        cpuFallback =
                properties.onDeviceLoss() == InferenceProperties.OnDeviceLoss.CPU ? modelPackage.torchScript() : null;
        maxBatch = properties.maxBatch() != 0 ? properties.maxBatch() : gpu ? GPU_BATCH : 1;
        workers = new InferenceWorkers<>(
                manifest.name(),
                new InferenceQueue.Limits(
                        gpu ? devices.size() : cpuWorkers, properties.queueCapacity(), maxBatch, properties.deadline()),
                this::forward,
                meters,
                observations);
    }

    /**
     * Loads, checks and warms a model.
     *
     * @throws ModelRefusedException if PyTorch cannot load the file, or a method is missing, returns other shapes than
     *     the manifest states, or fails the sum check; or if there is no such device, or no such variant
     */
    static Classifier load(
            ModelPackage modelPackage,
            InferenceProperties properties,
            MeterRegistry meters,
            ObservationRegistry observations) {
        return load(modelPackage, properties, meters, observations, false);
    }

    /** @param probed whether {@code model.pt} first runs in a process of its own, as variants always do */
    static Classifier load(
            ModelPackage modelPackage,
            InferenceProperties properties,
            MeterRegistry meters,
            ObservationRegistry observations,
            boolean probed) {
        try (ModelProbe modelProbe = new ModelProbe()) {
            return load(modelPackage, properties, meters, observations, probed, modelProbe);
        }
    }

    /** @param modelProbe of the reference, if it is probed, and of variants; it stays open */
    static Classifier load(
            ModelPackage modelPackage,
            InferenceProperties properties,
            MeterRegistry meters,
            ObservationRegistry observations,
            boolean probed,
            ModelProbe modelProbe) {
        PyTorchSettings.apply(properties.threads());
        long start = System.nanoTime();
        Classifier classifier = new Classifier(modelPackage, properties, meters, observations);
        try {
            classifier.choose(modelPackage, properties, probed, modelProbe);
            classifier.workers.show();
            classifier.logReady(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
            return classifier;
        } catch (Network.UnusableException e) {
            classifier.close();
            throw new ModelRefusedException(classifier.manifest.name(), String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            classifier.close();
            throw e;
        }
    }

    private void choose(
            ModelPackage modelPackage, InferenceProperties properties, boolean probed, ModelProbe modelProbe) {
        NetworkLoader loader =
                new NetworkLoader(modelPackage, devices, maxBatch, properties.threads(), workers, modelProbe);
        if (probed) {
            loader.probeReference();
        }
        MeasuredVariants measured = new MeasuredVariants(
                properties.measurements(), manifest.packageSha256(), workers.count(), properties.threads(), maxBatch);
        choice = VariantChoice.choose(manifest.variants(), properties.variant(), loader, measured);
    }

    /** Only a classifier that was loaded leaves this class. */
    private VariantChoice choice() {
        return Objects.requireNonNull(choice);
    }

    private void logReady(long milliseconds) {
        if (devices.get(0).isGpu() && !"0".equals(System.getenv("NVIDIA_TF32_OVERRIDE"))) {
            LOG.warn(
                    "Model {} may be run in TensorFloat-32, which moves boxes by pixels: set NVIDIA_TF32_OVERRIDE=0",
                    manifest.name());
        }
        LOG.info(
                "Model {} {} is ready on {}: variant {}, {} workers, batches of up to {}, loaded and warmed in {} ms",
                manifest.name(),
                manifest.version(),
                devices,
                variant(),
                workers.count(),
                maxBatch,
                milliseconds);
    }

    /** {@code mean(map) + bias − logit} of one label; the model must have biases. */
    public double sumResidual(Prediction prediction, int label) {
        return prediction.sumResidual(label, manifest.requireBias(label));
    }

    public ModelManifest manifest() {
        return manifest;
    }

    public ModelCard card() {
        return card;
    }

    /**
     * File names of the images that the package's box policies and methods were fitted on. Scoring must leave their patients out.
     */
    public List<String> calibrationImages() {
        return calibrationImages;
    }

    /**
     * Does the work of one caller's image, from its decoding to its answer, if not too many are at that already.
     *
     * @throws InferenceRefusedException before any work is done, if they are, or if the service stops
     */
    public <T> T admit(Supplier<T> work) {
        return workers.queue().admit(work);
    }

    /** Brings a radiograph to the form that the network takes. Runs on the calling thread. */
    public ModelInput prepare(Radiograph radiograph) {
        return ModelInput.prepare(radiograph, manifest.input());
    }

    /**
     * Runs a forward pass on a worker, maybe together with other images, and waits for it.
     *
     * @throws InferenceRefusedException if too many images wait already, it takes too long, or the service stops
     * @throws InvalidPredictionException if a value that the network gives is infinite or no number, or a map of
     *     probabilities has one outside [0, 1]
     */
    public Prediction predict(ModelInput input, ModelManifest.Method method) {
        Prediction prediction = workers.run(method, input);
        if (!prediction.isFinite()) {
            throw InvalidPredictionException.notFinite(manifest.name(), method);
        }
        if (method.isFittedOnBoxes() && !prediction.hasProbabilityMaps()) {
            throw InvalidPredictionException.noProbabilities(manifest.name(), method);
        }
        return prediction;
    }

    private List<Prediction> forward(int worker, ModelManifest.Method method, List<ModelInput> inputs) {
        Network network = choice().network();
        try {
            return network.forward(worker, method, inputs);
        } catch (RuntimeException e) {
            if (network.answers(worker)) {
                throw e; // the device is fine: it is these images
            }
            LOG.error("Model {}: worker {} of {} lost its device", manifest.name(), worker + 1, workers.count(), e);
            if (cpuFallback == null || !network.moveToCpu(worker, cpuFallback)) {
                throw new DeviceLostException(e);
            }
            LOG.warn("Model {}: worker {} continues on the CPU", manifest.name(), worker + 1);
            return network.forward(worker, method, inputs);
        }
    }

    /** Whether any device still answers. */
    public boolean isUsable() {
        return workers.isUsable();
    }

    /** The name of the file that runs: {@code reference} for {@code model.pt}, or a variant's. */
    public String variant() {
        return choice().outcomes().stream()
                .filter(VariantOutcome::chosen)
                .findFirst()
                .orElseThrow()
                .name();
    }

    /** SHA-256 of the file that runs. */
    public String variantSha256() {
        String name = variant();
        return manifest.variants().stream()
                .filter(variant -> variant.name().equals(name))
                .findFirst()
                .map(ModelManifest.Variant::sha256)
                .orElse(manifest.sha256());
    }

    /** How this model is run here. */
    public Execution execution() {
        return new Execution(
                devices.stream().map(Device::toString).toList(),
                workers.count(),
                maxBatch,
                variant(),
                choice().outcomes());
    }

    /**
     * How a model is run.
     *
     * @param devices as {@code cpu} or {@code gpu(0)}
     * @param workers threads that run forward passes
     * @param maxBatch most images of one forward pass
     * @param variant which file of the package runs
     * @param variants all of them, and why they were chosen or not
     */
    public record Execution(
            List<String> devices, int workers, int maxBatch, String variant, List<VariantOutcome> variants) {}

    @Override
    public void close() {
        workers.close();
        if (choice != null) {
            choice.network().close();
        }
    }
}
