package org.cxrlocalizer.evaluation;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.evaluation.scoring.EvaluationManifest;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.serving.Localizer;

/** The model that is evaluated, and what its images are read with. */
public record EvaluatedModel(Classifier classifier, Localizer localizer, RadiographReader reader) {

    /** Returns a model of a command, whose meters and observations have no reader. */
    public static EvaluatedModel unobserved(Classifier classifier, RadiographReader reader) {
        return new EvaluatedModel(
                classifier, new Localizer(classifier, new SimpleMeterRegistry(), ObservationRegistry.NOOP), reader);
    }

    /** Returns its identity, as reports state it. */
    public EvaluationManifest.Model identity() {
        ModelManifest manifest = classifier.manifest();
        return new EvaluationManifest.Model(
                manifest.name(),
                manifest.version(),
                manifest.sha256(),
                new EvaluationManifest.Model.Variant(classifier.variant(), classifier.variantSha256()));
    }

    /**
     * Returns every method with every policy.
     *
     * @throws org.cxrlocalizer.model.UnknownMethodException if the model lacks a method
     * @throws org.cxrlocalizer.localization.UncalibratedLabelException if the model lacks calibrated policies
     */
    public List<BoxSystem> systems(EvaluationOptions options) {
        ModelManifest manifest = classifier.manifest();
        List<String> methods =
                options.methods().isEmpty() ? List.of(manifest.methods().defaultName()) : options.methods();
        List<BoxPolicy> policies =
                options.policies().isEmpty() ? List.of(localizer.policies().defaultPolicy()) : options.policies();
        List<BoxSystem> systems = new ArrayList<>();
        for (String method : methods) {
            manifest.method(method);
            for (BoxPolicy policy : policies) {
                manifest.labels().forEach(label -> threshold(policy, label));
                systems.add(BoxSystem.of(method, policy));
            }
        }
        return systems;
    }

    /** Returns what a policy cuts a label's map at. */
    BoxPolicy.Threshold threshold(BoxPolicy policy, String label) {
        return policy.forLabel(label, localizer.policies().calibrated());
    }

    /** Returns the patients that the calibrated policies were chosen on. */
    public Set<String> calibrationPatients() {
        Set<String> patients = new LinkedHashSet<>();
        classifier.calibrationImages().forEach(image -> patients.add(ChestXray14.patientOf(image)));
        return patients;
    }
}
