// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.ModelInput;
import org.cxrlocalizer.inference.Prediction;
import org.cxrlocalizer.inference.PredictionCache;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.localization.MapBoxes;
import org.cxrlocalizer.localization.MapUnit;
import org.cxrlocalizer.localization.NoBoxReason;
import org.cxrlocalizer.localization.UncalibratedLabelException;
import org.cxrlocalizer.localization.UnknownLabelException;
import org.cxrlocalizer.model.DecisionRule;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.OperatingPoint;
import org.cxrlocalizer.model.ProbabilityCalibration;
import org.cxrlocalizer.radiograph.Radiograph;

/** The main job: from a radiograph to findings with boxes. */
public final class Localizer {

    private final Classifier classifier;
    private final PredictionCache predictions;
    private final ModelManifest manifest;
    private final ModelPolicies policies;
    private final ObservationRegistry observations;
    private final DistributionSummary boxesFound;

    public Localizer(
            Classifier classifier,
            PredictionCache predictions,
            MeterRegistry meters,
            ObservationRegistry observations) {
        this.classifier = classifier;
        this.predictions = predictions;
        manifest = classifier.manifest();
        policies = ModelPolicies.of(manifest);
        this.observations = observations;
        boxesFound = DistributionSummary.builder("cxr.boxes.found")
                .description("Boxes found on one image, all labels together")
                .tag("model", manifest.name())
                .register(meters);
    }

    public ModelPolicies policies() {
        return policies;
    }

    /**
     * Refuses a request that the model cannot answer, whatever the radiograph.
     *
     * @throws UnknownLabelException if the model lacks a label
     * @throws org.cxrlocalizer.model.UnknownMethodException if the model lacks the method
     * @throws org.cxrlocalizer.model.UnknownOperatingPointException if the model lacks the operating point
     * @throws UncalibratedLabelException if calibrated boxes are requested and the model lacks them for a label
     * @throws org.cxrlocalizer.localization.UnfitPolicyException if the policy cannot cut the method's maps
     */
    public void requireAnswerable(LocalizationRequest request) {
        plan(request);
    }

    /** What a request means for this model. */
    record Plan(
            ModelManifest.Method method,
            DecisionRule rule,
            BoxPolicy policy,
            Map<String, BoxPolicy.MapPolicy> policyOf) {}

    private Plan plan(LocalizationRequest request) {
        for (String label : request.labels()) {
            if (!manifest.labels().contains(label)) {
                throw new UnknownLabelException(label, manifest.labels());
            }
        }
        ModelManifest.Method method = manifest.method(request.method());
        DecisionRule rule = DecisionRule.of(manifest, request.operatingPoint());
        MapUnit unit = ModelPolicies.unit(method);
        BoxPolicy policy = request.policy() == null ? policies.defaultPolicy(unit) : request.policy();
        Map<String, BoxPolicy.MapPolicy> policyOf = policyOf(request, policy);
        policyOf.values().forEach(own -> own.requireFit(unit));
        return new Plan(method, rule, policy, policyOf);
    }

    /**
     * Finds the labels of a request on a radiograph.
     *
     * @throws UnknownLabelException and the others of {@link #requireAnswerable} if the model cannot answer the request
     * @throws org.cxrlocalizer.inference.InferenceRefusedException if too many images wait already, it takes too long,
     *     or the service stops
     */
    public Localization localize(Radiograph radiograph, LocalizationRequest request) {
        return localize(prepare(radiograph, request));
    }

    /**
     * An image that a request is about, as the model takes it: much smaller than the radiograph.
     *
     * @param blank whether the image has one grey value: its maps are zeros then, and no finding is positive
     */
    record PreparedImage(Plan plan, ModelInput input, boolean ofDicom, boolean blank, double minimumProbability) {}

    PreparedImage prepare(Radiograph radiograph, LocalizationRequest request) {
        Plan plan = plan(request);
        ModelInput input = step("cxr.preprocess", () -> classifier.prepare(radiograph));
        return new PreparedImage(
                plan, input, radiograph.isDicom(), radiograph.showsNothing(), request.minimumProbability());
    }

    /** @param image prepared by this one */
    Localization localize(PreparedImage image) {
        Plan plan = image.plan;
        Prediction prediction =
                step("cxr.inference", () -> predictions.predict(classifier, image.input, plan.method, image.ofDicom));
        List<Finding> findings = step("cxr.boxes", () -> findings(prediction, image));

        boxesFound.record(
                findings.stream().mapToInt(finding -> finding.boxes().size()).sum());
        OperatingPoint point = plan.rule.operatingPoint();
        return new Localization(
                plan.method.name(), plan.policy, point == null ? null : point.code(), image.input.frame(), findings);
    }

    private List<Finding> findings(Prediction prediction, PreparedImage image) {
        Plan plan = image.plan;
        ImageFrame frame = image.input.frame();
        boolean blank = image.blank;
        MapUnit unit = ModelPolicies.unit(plan.method);
        ProbabilityCalibration calibration = manifest.calibration();
        double[] probabilities = manifest.activation().probabilities(prediction.logits());
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < manifest.labels().size(); i++) {
            String label = manifest.labels().get(i);
            BoxPolicy.MapPolicy own = plan.policyOf.get(label);
            if (own != null) {
                ClassActivationMap map = blank ? zeros(prediction, unit) : map(prediction, i, unit);
                MapBoxes cut = probabilities[i] < image.minimumProbability
                        ? MapBoxes.none(NoBoxReason.BELOW_MINIMUM_PROBABILITY)
                        : MapBoxes.cut(map, frame, probabilities[i], own);
                Double cutoff = plan.rule.cutoffs().get(label);
                findings.add(new Finding(
                        label,
                        prediction.logits()[i],
                        probabilities[i],
                        calibration == null
                                ? null
                                : calibration.calibrated(label, prediction.logits()[i], probabilities[i]),
                        cutoff,
                        cutoff == null ? null : !blank && probabilities[i] >= cutoff,
                        map,
                        plan.method.sumsToLogit() && !blank ? classifier.sumResidual(prediction, i) : null,
                        cut.boxes(),
                        cut.noBoxReason()));
            }
        }
        findings.sort(Comparator.comparingDouble(Finding::probability).reversed());
        return List.copyOf(findings);
    }

    /** Returns the policy of each requested label. */
    private Map<String, BoxPolicy.MapPolicy> policyOf(LocalizationRequest request, BoxPolicy policy) {
        return manifest.labels().stream()
                .filter(label -> request.labels().isEmpty() || request.labels().contains(label))
                .collect(Collectors.toMap(label -> label, label -> policy.forLabel(label, policies.calibrated())));
    }

    private static ClassActivationMap zeros(Prediction prediction, MapUnit unit) {
        int cells = prediction.mapWidth() * prediction.mapHeight();
        return new ClassActivationMap(prediction.mapWidth(), prediction.mapHeight(), new float[cells], unit);
    }

    private static ClassActivationMap map(Prediction prediction, int label, MapUnit unit) {
        int cells = prediction.mapWidth() * prediction.mapHeight();
        return new ClassActivationMap(
                prediction.mapWidth(),
                prediction.mapHeight(),
                Arrays.copyOfRange(prediction.maps(), label * cells, (label + 1) * cells),
                unit);
    }

    /** A step on the main path is a timer, and a span of the request's trace. */
    private <T> T step(String name, Supplier<T> work) {
        return Objects.requireNonNull(Observation.createNotStarted(name, observations)
                .lowCardinalityKeyValue("model", manifest.name())
                .observe(work));
    }
}
