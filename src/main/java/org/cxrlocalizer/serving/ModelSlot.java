// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.ModelLoader;
import org.cxrlocalizer.model.ModelManifest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the served models. Its package may be replaced on the disk: {@link #reload} loads and warms what is there now, then swaps
 * it in. Work that uses the old model ends with it, and then it is closed.
 */
final class ModelSlot {

    private static final Logger LOG = LoggerFactory.getLogger(ModelSlot.class);

    private final ModelLoader loader;
    private final String name;
    private final Function<Classifier, ServedModel> serve;
    private volatile ModelRef current;

    /** Loads it. */
    ModelSlot(ModelLoader loader, String name, Function<Classifier, ServedModel> serve) {
        this.loader = loader;
        this.name = name;
        this.serve = serve;
        current = new ModelRef(serve.apply(loader.load(name)));
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

    <T, E extends Exception> T use(ServedModels.Use<T, E> use) throws E {
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

    /** See {@link ServedModels#reload}. */
    synchronized ModelManifest reload() {
        ModelRef old = current;
        current = new ModelRef(serve.apply(loader.loadWhileServing(name)));
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

    /** Ends what is under way. */
    synchronized void close() {
        current.model.classifier().close();
    }
}
