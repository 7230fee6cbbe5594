// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.ModelLoader;
import org.cxrlocalizer.inference.PredictionCache;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The configured models, as they are served. Each has workers and a queue of its own, and is reloaded by itself; no request fails
 * meanwhile.
 *
 * <p>They are loaded before the web server opens its port, so that the service starts only with models that loaded.
 */
@Component
public final class ServedModels implements DisposableBean {

    private final List<String> served;
    private final @Nullable String shadow;
    private final Map<String, ModelSlot> slots = new LinkedHashMap<>();

    ServedModels(
            ModelLoader loader,
            ModelProperties models,
            PredictionCache predictions,
            MeterRegistry meters,
            ObservationRegistry observations) {
        served = models.served();
        shadow = models.shadow();
        Function<Classifier, ServedModel> serve =
                classifier -> new ServedModel(classifier, new Localizer(classifier, predictions, meters, observations));
        loader.requireSharesOf(models.loaded());
        try {
            models.loaded().forEach(name -> slots.put(name, new ModelSlot(loader, name, serve)));
        } catch (RuntimeException e) {
            destroy();
            throw e;
        }
    }

    /** What is done with one and the same model. */
    @FunctionalInterface
    public interface Use<T, E extends Exception> {
        T of(ServedModel model) throws E;
    }

    /** Returns the names of the models that requests can choose, the default first. */
    public List<String> names() {
        return served;
    }

    /**
     * Requires that a model is served.
     *
     * @param name null for the default
     * @throws UnservedModelException if there is none of that name
     */
    public void requireServed(@Nullable String name) {
        slot(name);
    }

    /**
     * Uses a model as it is served now; it stays loaded until the use ends, on this thread.
     *
     * @param name null for the default
     * @throws UnservedModelException if there is none of that name
     */
    public <T, E extends Exception> T use(@Nullable String name, Use<T, E> use) throws E {
        return slot(name).use(use);
    }

    /** The same for the work of one caller's image; see {@link Classifier#admit}. */
    public <T> T admit(@Nullable String name, Function<ServedModel, T> work) {
        return use(name, model -> model.classifier().admit(() -> work.apply(model)));
    }

    private ModelSlot slot(@Nullable String name) {
        String wanted = name == null ? served.get(0) : name;
        ModelSlot slot = served.contains(wanted) ? slots.get(wanted) : null;
        if (slot == null) {
            throw new UnservedModelException(wanted, served);
        }
        return slot;
    }

    /** Uses the shadow. */
    <T, E extends Exception> T useShadow(Use<T, E> use) throws E {
        ModelSlot slot = shadow == null ? null : slots.get(shadow);
        if (slot == null) {
            throw new IllegalStateException("no shadow is configured");
        }
        return slot.use(use);
    }

    /**
     * Loads, checks and warms a model's package again and serves it from then on. No request fails meanwhile; the model is in
     * memory twice.
     *
     * @param name null for the default; the shadow has one too
     * @return the new one's manifest
     * @throws org.cxrlocalizer.model.ModelRefusedException if it cannot be used; the old one is served on
     * @throws UnservedModelException if there is none of that name
     */
    public ModelManifest reload(@Nullable String name) {
        ModelSlot slot = name != null && name.equals(shadow) ? slots.get(name) : null;
        return (slot == null ? slot(name) : slot).reload();
    }

    /** Whether any device still answers, of each model. */
    boolean areUsable() {
        return slots.values().stream().allMatch(ModelSlot::isUsable);
    }

    /** Ends what is under way: the service accepts no more requests, and jobs go on elsewhere. */
    @Override
    public void destroy() {
        slots.values().forEach(ModelSlot::close);
    }
}
