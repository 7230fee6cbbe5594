// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.UnaryOperator;
import org.cxrlocalizer.model.ModelCatalogue;
import org.cxrlocalizer.model.ModelManifest.Variant;
import org.cxrlocalizer.model.ModelPackage;
import org.cxrlocalizer.model.ModelRefusedException;
import org.cxrlocalizer.model.PackageSource;

/** Loads the networks of model packages, with the configured devices, workers and variant. */
public final class ModelLoader {

    private final ModelCatalogue catalogue;
    private final InferenceProperties inference;
    private final UnaryOperator<InferenceProperties> change;
    private final MeterRegistry meters;
    private final ObservationRegistry observations;

    public ModelLoader(
            ModelCatalogue catalogue,
            InferenceProperties inference,
            MeterRegistry meters,
            ObservationRegistry observations) {
        this(catalogue, inference, UnaryOperator.identity(), meters, observations);
    }

    /** @param change of the properties of each model */
    private ModelLoader(
            ModelCatalogue catalogue,
            InferenceProperties inference,
            UnaryOperator<InferenceProperties> change,
            MeterRegistry meters,
            ObservationRegistry observations) {
        this.catalogue = catalogue;
        this.inference = inference;
        this.change = change;
        this.meters = meters;
        this.observations = observations;
    }

    /**
     * Requires that each share of {@code inference.models} is of a model that is loaded: that of another name would be ignored.
     *
     * @throws ModelRefusedException if one is not
     */
    public void requireSharesOf(Collection<String> loaded) {
        for (String name : inference.models().keySet()) {
            if (!loaded.contains(name)) {
                throw new ModelRefusedException(
                        name,
                        "'inference.models' configures it, and neither 'model.name' nor 'model.others' nor"
                                + " 'model.shadow' names it");
            }
        }
    }

    /**
     * Loads, checks and warms a model of the catalogue.
     *
     * @throws ModelRefusedException if there is no such package, or it cannot be used
     */
    public Classifier load(String name) {
        return load(catalogue.open(name));
    }

    private Classifier load(ModelPackage modelPackage) {
        return Classifier.load(modelPackage, properties(modelPackage), meters, observations);
    }

    private InferenceProperties properties(ModelPackage modelPackage) {
        return change.apply(inference.of(modelPackage.manifest().name()));
    }

    /**
     * The same for a process that serves already: a file that ends the process which runs it is refused, and does not end
     * this one. Takes longer.
     */
    public Classifier loadWhileServing(String name) {
        ModelPackage modelPackage = catalogue.open(name);
        return Classifier.load(modelPackage, properties(modelPackage), meters, observations, true);
    }

    /**
     * Loads, checks and warms the model of a package that need not be in the catalogue.
     *
     * @param source a package's directory, or a ZIP archive of one
     */
    public Classifier load(Path source) {
        try (PackageSource read = PackageSource.open(source)) {
            return load(read.content());
        }
    }

    /**
     * Loads, checks and warms a model, and closes it.
     *
     * @throws ModelRefusedException if it cannot be used
     */
    public void requireUsable(ModelPackage modelPackage) {
        load(modelPackage).close();
    }

    /**
     * The same packages, loaded so that two runs give the same digits: with the variant that the configuration names, and
     * with the reference where it leaves the choice to a measurement.
     */
    public ModelLoader reproducible() {
        return changed(properties ->
                properties.variant().equals(Variant.AUTO) ? properties.withVariant(Variant.REFERENCE) : properties);
    }

    /** The same packages, loaded with a variant. */
    public ModelLoader withVariant(String variant) {
        return changed(properties -> properties.withVariant(variant));
    }

    private ModelLoader changed(UnaryOperator<InferenceProperties> next) {
        return new ModelLoader(catalogue, inference, next, meters, observations);
    }
}
