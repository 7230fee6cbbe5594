package org.cxrlocalizer.model;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
    private static final double SUM_TOLERANCE = 1e-3;

    private final ModelManifest manifest;
    private final ModelCard card;
    private final List<String> calibrationImages;
    private final InferenceWorkers workers;
    private final Model model;
    private final ThreadLocal<Predictor<TorchScriptTranslator.Call, Prediction>> predictors;

    private Classifier(ModelPackage modelPackage, InferenceProperties properties) {
        manifest = modelPackage.manifest();
        card = new ModelCard(modelPackage.card());
        calibrationImages = modelPackage.calibrationImages();
        workers = new InferenceWorkers(manifest.name(), properties.workerCount(), properties.queueCapacity());
        try {
            model = workers.run(() -> load(modelPackage));
        } catch (RuntimeException e) {
            workers.close();
            throw e;
        }
        predictors = ThreadLocal.withInitial(() -> model.newPredictor(new TorchScriptTranslator(manifest)));
    }

    /**
     * Loads, checks and warms a model.
     *
     * @throws ModelRefusedException if PyTorch cannot load the file, or a method is missing, returns other shapes than
     *     the manifest says, or fails the sum check
     */
    static Classifier load(ModelPackage modelPackage, InferenceProperties properties) {
        PyTorchSettings.apply(properties.threads());
        Classifier classifier = new Classifier(modelPackage, properties);
        try {
            classifier.warmUp();
            return classifier;
        } catch (RuntimeException e) {
            classifier.close();
            throw e;
        }
    }

    private static Model load(ModelPackage modelPackage) {
        String name = modelPackage.manifest().name();
        Model model = Model.newInstance(name, "PyTorch");
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
        for (ModelManifest.Method method : manifest.methods().available()) {
            workers.runOnEach(() -> {
                for (int i = 0; i < WARM_UP_PASSES; i++) {
                    check(method, probe(method, probe));
                }
            });
        }
        LOG.info(
                "Model {} {} is ready: {} workers, warmed in {} ms",
                manifest.name(),
                manifest.version(),
                workers.count(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private Prediction probe(ModelManifest.Method method, ModelInput probe) {
        try {
            return forward(probe, method);
        } catch (TranslateException | EngineException e) {
            Throwable cause = e.getCause() instanceof TorchScriptTranslator.WrongShapeException ? e.getCause() : e;
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

    /** Brings a radiograph to the form that the network takes. Runs on the calling thread. */
    public ModelInput prepare(Radiograph radiograph) {
        return ModelInput.of(radiograph, manifest.input());
    }

    /**
     * Runs a forward pass on a worker and waits for it.
     *
     * @throws InferenceQueueFullException if too many images wait already
     */
    public Prediction predict(ModelInput input, ModelManifest.Method method) {
        return workers.run(() -> {
            try {
                return forward(input, method);
            } catch (TranslateException e) {
                throw new IllegalStateException("the forward pass failed", e);
            }
        });
    }

    private Prediction forward(ModelInput input, ModelManifest.Method method) throws TranslateException {
        return predictors.get().predict(new TorchScriptTranslator.Call(input, method.function()));
    }

    private static String firstLine(Throwable e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        workers.close();
        model.close();
    }
}
