// SPDX-License-Identifier: Apache-2.0
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
import org.cxrlocalizer.inference.PredictionCache;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.MapUnit;
import org.cxrlocalizer.model.DecisionRule;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.serving.Localizer;
import org.cxrlocalizer.serving.ModelPolicies;
import org.jspecify.annotations.Nullable;

/** The model that is evaluated, and what its images are read with. */
public record EvaluatedModel(Classifier classifier, Localizer localizer, RadiographReader reader) {

    /** Returns a model of a command, whose meters and observations have no reader. */
    public static EvaluatedModel unobserved(Classifier classifier, RadiographReader reader) {
        Localizer localizer =
                new Localizer(classifier, new PredictionCache(), new SimpleMeterRegistry(), ObservationRegistry.NOOP);
        return new EvaluatedModel(classifier, localizer, reader);
    }

    /** Returns its identity, as reports state it. */
    public EvaluationManifest.Model identity() {
        ModelManifest manifest = classifier.manifest();
        return new EvaluationManifest.Model(
                manifest.name(),
                manifest.version(),
                manifest.packageSha256(),
                new EvaluationManifest.Model.Variant(classifier.variant(), classifier.variantSha256()));
    }

    /**
     * Returns every method with every policy.
     *
     * @throws org.cxrlocalizer.model.UnknownMethodException if the model lacks a method
     * @throws org.cxrlocalizer.model.UnknownOperatingPointException if the model lacks the operating point
     * @throws org.cxrlocalizer.localization.UncalibratedLabelException if the model lacks calibrated policies
     * @throws org.cxrlocalizer.localization.UnfitPolicyException if a policy cannot cut a method's maps
     */
    public List<BoxSystem> systems(EvaluationOptions options) {
        ModelManifest manifest = classifier.manifest();
        rule(options);
        List<String> methods =
                options.methods().isEmpty() ? List.of(manifest.methods().defaultName()) : options.methods();
        List<BoxSystem> systems = new ArrayList<>();
        for (String name : methods) {
            ModelManifest.Method method = manifest.method(name);
            MapUnit unit = ModelPolicies.unit(method);
            List<BoxPolicy> policies = options.policies().isEmpty()
                    ? List.of(localizer.policies().defaultPolicy(unit))
                    : options.policies();
            for (BoxPolicy policy : policies) {
                manifest.labels().forEach(label -> ownPolicy(policy, label).requireFit(unit));
                BoxSystem system = BoxSystem.of(name, policy);
                systems.add(method.isFittedOnBoxes() ? system.fitted(method.supervision()) : system);
            }
        }
        return systems;
    }

    /** Returns what decides whether a finding is positive. */
    DecisionRule rule(EvaluationOptions options) {
        return DecisionRule.of(classifier.manifest(), options.operatingPoint());
    }

    /** Returns the policy that cuts a label's map; null if the model lacks the label. */
    BoxPolicy.@Nullable MapPolicy policyOf(BoxPolicy policy, String label) {
        return classifier.manifest().labels().contains(label) ? ownPolicy(policy, label) : null;
    }

    private BoxPolicy.MapPolicy ownPolicy(BoxPolicy policy, String label) {
        return policy.forLabel(label, localizer.policies().calibrated());
    }

    /** Returns the patients that the calibrated policies and methods were fitted on. */
    public Set<String> calibrationPatients() {
        Set<String> patients = new LinkedHashSet<>();
        classifier.calibrationImages().forEach(image -> patients.add(ChestXray14.patientOf(image)));
        return patients;
    }
}
