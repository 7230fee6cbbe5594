// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelManifest.Method;
import org.cxrlocalizer.model.ModelManifest.Variant;

/**
 * Checks that the outputs of variants for the probe agree with those of the reference.
 *
 * @param expected outputs of the reference, by method
 */
record OutputAgreement(ModelManifest manifest, Map<Method, Prediction> expected) {

    /** @throws Network.UnusableException if an output is further from the reference's than the manifest allows */
    void require(Variant variant, Method method, List<Prediction> answers) {
        answers.forEach(answer -> require(variant, method, answer));
    }

    private void require(Variant variant, Method method, Prediction answer) {
        Prediction reference = expected.get(method);
        if (reference == null) {
            throw new IllegalStateException("the reference was not run by method '%s'".formatted(method.name()));
        }
        double[] probabilities = manifest.activation().probabilities(reference.logits());
        double[] ours = manifest.activation().probabilities(answer.logits());
        for (int label = 0; label < probabilities.length; label++) {
            require(
                    Math.abs(probabilities[label] - ours[label]),
                    variant.probabilityTolerance(),
                    "method '%s': the probability of %s"
                            .formatted(method.name(), manifest.labels().get(label)));
        }
        if (answer.mapWidth() != reference.mapWidth() || answer.mapHeight() != reference.mapHeight()) {
            throw new Network.UnusableException("method '%s': its maps are %d × %d and the reference's %d × %d"
                    .formatted(
                            method.name(),
                            answer.mapWidth(),
                            answer.mapHeight(),
                            reference.mapWidth(),
                            reference.mapHeight()));
        }
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < reference.maps().length; i++) {
            largest = Math.max(largest, Math.abs(reference.maps()[i]));
            // a difference that is not a number stays one, and is refused
            difference = Math.max(difference, Math.abs(reference.maps()[i] - answer.maps()[i]));
        }
        if (difference != 0) {
            require(
                    difference / largest,
                    variant.mapTolerance(),
                    "method '%s': a value of its maps".formatted(method.name()));
        }
    }

    private static void require(double difference, double tolerance, String what) {
        if (!(difference <= tolerance)) {
            throw new Network.UnusableException(String.format(
                    Locale.ROOT,
                    "%s differs from the reference's by %.2g, and %.2g is allowed",
                    what,
                    difference,
                    tolerance));
        }
    }
}
