// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import ai.djl.engine.Engine;
import java.util.function.IntConsumer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;

/**
 * Loads PyTorch's native libraries on a thread of their own while Spring reads its configuration, so that a service with two
 * processors is ready earlier. Commands load them when they need a model.
 */
final class EnginePreload implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {

    static final String THREAD = "pytorch-preload";

    private final IntConsumer load;

    EnginePreload() {
        this(EnginePreload::load);
    }

    /** @param load loads the libraries for that number of threads of a forward pass */
    EnginePreload(IntConsumer load) {
        this.load = load;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        if (event.getSpringApplication().getWebApplicationType() == WebApplicationType.NONE) {
            return;
        }
        InferenceProperties properties;
        try {
            properties = Binder.get(event.getEnvironment()).bindOrCreate("inference", InferenceProperties.class);
        } catch (BindException e) {
            return; // the start fails where the bean of these properties is made, and explains them
        }
        Thread thread = new Thread(() -> load.accept(properties.threads()), THREAD);
        thread.setDaemon(true);
        thread.start();
    }

    private static void load(int threads) {
        PyTorchSettings.apply(threads);
        try {
            Engine.getEngine(PyTorchSettings.ENGINE);
        } catch (RuntimeException | LinkageError e) {
            // The load of the first model meets it again, and reports it.
        }
    }
}
