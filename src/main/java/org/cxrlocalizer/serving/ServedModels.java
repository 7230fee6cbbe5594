// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.ModelLoader;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The configured model, as it is served. Its package may be replaced on the disk: {@link #reload} loads and warms what is there
 * now, then swaps it in. Work that uses the old model ends with it, and then it is closed.
 *
 * <p>The first one is loaded before the web server opens its port, so that the service starts only with a model that loaded.
 */
@Component
public final class ServedModels implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(ServedModels.class);

    private final ModelLoader loader;
    private final String name;
    private final MeterRegistry meters;
    private final ObservationRegistry observations;
    private volatile ModelRef current;

    ServedModels(ModelLoader loader, ModelProperties model, MeterRegistry meters, ObservationRegistry observations) {
        this.loader = loader;
        name = model.name();
        this.meters = meters;
        this.observations = observations;
        current = ref(loader.load(name));
    }

    /** A reference to a model, with a lock that its users share. */
    private static final class ModelRef {

        private final ServedModel model;
        private final ReentrantReadWriteLock used = new ReentrantReadWriteLock();

        ModelRef(ServedModel model) {
            this.model = model;
        }

        /** Closes the model when its last use has ended. */
        void close() {
            used.writeLock().lock();
            try {
                model.classifier().close();
            } finally {
                used.writeLock().unlock();
            }
        }
    }

    /** What is done with one and the same model. */
    @FunctionalInterface
    public interface Use<T, E extends Exception> {
        T of(ServedModel model) throws E;
    }

    private ModelRef ref(Classifier classifier) {
        return new ModelRef(new ServedModel(classifier, new Localizer(classifier, meters, observations)));
    }

    /** Uses the model that is served now; it stays loaded until the use ends, on this thread. */
    public <T, E extends Exception> T use(Use<T, E> use) throws E {
        ModelRef ref = locked();
        try {
            return use.of(ref.model);
        } finally {
            ref.used.readLock().unlock();
        }
    }

    /** The current model, locked. One that a reload replaces before it is locked may be closed already. */
    private ModelRef locked() {
        ModelRef ref = current;
        ref.used.readLock().lock();
        while (ref != current) {
            ref.used.readLock().unlock();
            ref = current;
            ref.used.readLock().lock();
        }
        return ref;
    }

    /** The same for the work of one caller's image; see {@link Classifier#admit}. */
    public <T> T admit(Function<ServedModel, T> work) {
        return use(model -> model.classifier().admit(() -> work.apply(model)));
    }

    /**
     * Loads, checks and warms the package again and serves it from then on. No request fails meanwhile; two models are in memory.
     *
     * @return the new one's manifest
     * @throws org.cxrlocalizer.model.ModelRefusedException if it cannot be used; the old one is served on
     */
    public synchronized ModelManifest reload() {
        ModelRef old = current;
        current = ref(loader.loadWhileServing(name));
        ModelManifest manifest = current.model.manifest();
        LOG.info("Model {} {} ({}) is served from now on", name, manifest.version(), manifest.packageSha256());
        Thread drain = new Thread(old::close, "model-drain");
        drain.setDaemon(true);
        drain.start();
        return manifest;
    }

    /** Whether any device still answers. */
    boolean isUsable() {
        return current.model.classifier().isUsable();
    }

    /** Ends what is under way: the service accepts no more requests, and jobs go on elsewhere. */
    @Override
    public synchronized void destroy() {
        current.model.classifier().close();
    }
}
