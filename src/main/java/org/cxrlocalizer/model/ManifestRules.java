// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.cxrlocalizer.model.ModelManifest.Boxes;
import org.cxrlocalizer.model.ModelManifest.Input;
import org.cxrlocalizer.model.ModelManifest.Method;
import org.cxrlocalizer.model.ModelManifest.Methods;
import org.cxrlocalizer.model.ModelManifest.ResizeRule;
import org.cxrlocalizer.model.ModelManifest.Variant;
import org.jspecify.annotations.Nullable;

/** The rules of a manifest that concern several keys. Those of one key are constraints of it, and may be broken as well. */
final class ManifestRules {

    private final List<String> broken = new ArrayList<>();

    private ManifestRules() {}

    /** Returns a sentence for each rule that the manifest breaks, which names the keys. */
    static List<String> broken(ModelManifest manifest) {
        ManifestRules rules = new ManifestRules();
        if (manifest.input() != null) {
            rules.input(manifest.input());
        }
        if (manifest.methods() != null) {
            rules.methods(manifest.methods());
            rules.bias(manifest.bias(), manifest.labels().size(), manifest.methods());
            rules.fitting(manifest.boxes(), manifest.methods());
        }
        rules.labels(manifest);
        rules.calibration(manifest.calibration(), manifest.activation());
        rules.require(areDistinct(manifest.variants(), Variant::name), "'variants' must not repeat a name");
        rules.require(areDistinct(manifest.variants(), Variant::file), "'variants' must not repeat a file");
        return rules.broken;
    }

    private void input(Input input) {
        require(
                input.resizeTo() == null
                        || (input.resizeTo() >= input.size() && input.resize() == ResizeRule.CENTRE_CROP),
                "'input.resizeTo' must not be below 'input.size', and is for 'centreCrop' alone");
        require(input.mean().size() == input.channels(), "'input.mean' must have one number for each channel");
        require(input.std().size() == input.channels(), "'input.std' must have one number for each channel");
    }

    private void methods(Methods methods) {
        require(areDistinct(methods.available(), Method::name), "'methods.available' must not repeat a name");
        require(
                methods.available().stream().anyMatch(method -> Objects.equals(method.name(), methods.defaultName())),
                "'methods.default' must be one of the available methods");
        require(
                methods.available().stream().noneMatch(method -> method.sumsToLogit() && method.isFittedOnBoxes()),
                "'methods.available.sumsToLogit' must be false for a method of the supervision 'boxes'");
    }

    private void bias(@Nullable List<Double> bias, int labels, Methods methods) {
        require(
                bias != null || methods.available().stream().noneMatch(Method::sumsToLogit),
                "'bias' must be given for a method that sums to the logit");
        require(bias == null || bias.size() == labels, "'bias' must have one number for each label");
    }

    /** Without the hash, images that a method was fitted on would be scored. */
    private void fitting(@Nullable Boxes boxes, Methods methods) {
        require(
                (boxes != null && boxes.imagesSha256() != null)
                        || methods.available().stream().noneMatch(Method::isFittedOnBoxes),
                "'boxes.imagesSha256' must be given for a method of the supervision 'boxes'");
    }

    private void labels(ModelManifest manifest) {
        if (manifest.cutoffs() != null) {
            requireLabels(
                    manifest, "cutoffs", manifest.cutoffs().probabilities().keySet());
        }
        if (manifest.operatingPoints() != null) {
            requireLabels(
                    manifest,
                    "operatingPoints.labels",
                    manifest.operatingPoints().labels().keySet());
        }
        if (manifest.calibration() != null) {
            requireLabels(
                    manifest,
                    "calibration.labels",
                    manifest.calibration().labels().keySet());
        }
        if (manifest.boxes() != null) {
            requireLabels(
                    manifest, "boxes.calibrated", manifest.boxes().calibrated().keySet());
        }
    }

    private void requireLabels(ModelManifest manifest, String key, Set<String> names) {
        require(manifest.labels().containsAll(names), "'%s' must name labels of the model".formatted(key));
    }

    /** Else the line would not be one of the probability. */
    private void calibration(@Nullable ProbabilityCalibration calibration, Activation activation) {
        require(
                calibration == null
                        || calibration.method() != ProbabilityCalibration.Method.PLATT
                        || activation != Activation.SOFTMAX,
                "'calibration.method' must be 'isotonic' where the activation is 'softmax'");
    }

    private void require(boolean kept, String rule) {
        if (!kept) {
            broken.add(rule);
        }
    }

    private static <T> boolean areDistinct(Collection<T> things, Function<T, Object> property) {
        return things.stream().map(property).distinct().count() == things.size();
    }
}
