// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.cxrlocalizer.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The manifest's keys as models/tools/operating_points.py writes them; models/tools/golden.py makes the files. */
class OperatingPointsTest {

    private static final String MANIFEST = """
            formatVersion: 1
            name: points
            version: 1.0.0
            licence: Apache-2.0
            source: models/tools/golden.py
            sha256: %s
            labels: [Cardiomegaly, Pneumonia]
            activation: sigmoid
            input: {size: 16, channels: 1, resize: stretch}
            methods: {default: fine, available: [{name: fine, function: forward, sumsToLogit: false}]}
            """.formatted("0".repeat(64));

    private static final String PLAIN = """
            cutoffs:
              chosenOn: nothing
              probabilities: {Cardiomegaly: 0.3}
            """;

    private static final String TABLE = """
            calibration:
              fittedOn: nothing
              method: isotonic
              ece:
                before: {value: 0.1, byChance: 0.1, interval: [0, 0.2]}
                after: {value: 0.1, byChance: 0.1, interval: [0, 0.2]}
              logLoss: {before: 1, after: 1}
              labels:
                Cardiomegaly: {probabilities: [0.2, 0.4, 0.4, 0.6], calibrated: [0.1, 0.3, 0.5, 0.9]}
            """;

    private static String written(String method) {
        return new String(Samples.content("fixtures/points-%s.yaml".formatted(method)), StandardCharsets.UTF_8);
    }

    private static ModelManifest parse(String more) {
        return ManifestReader.parse("points", (MANIFEST + more).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void cutoffsOfAPointDecideAndHaveTheirFigures() {
        ModelManifest manifest = parse(written("platt"));

        DecisionRule rule = DecisionRule.of(manifest, "specific");
        LabelOperatingPoints points = requireNonNull(
                requireNonNull(manifest.operatingPoints()).labels().get("Pneumonia"));

        assertThat(rule.operatingPoint()).isEqualTo(OperatingPoint.SPECIFIC);
        assertThat(rule.cutoffs())
                .containsOnlyKeys("Cardiomegaly", "Pneumonia")
                .containsEntry("Pneumonia", points.specific().probability());
        assertThat(points.specific().specificity()).isGreaterThanOrEqualTo(0.9);
        assertThat(points.sensitive().sensitivity()).isGreaterThanOrEqualTo(0.9);
        assertThat(points.positives() + points.negatives()).isEqualTo(2000);
        assertThat(DecisionRule.of(manifest, "sensitive").cutoffs().get("Pneumonia"))
                .isLessThan(rule.cutoffs().get("Pneumonia"));
    }

    @Test
    void plainCutoffsDecideWhereNoPointIsNamed() {
        DecisionRule rule = DecisionRule.of(parse(PLAIN + written("platt")), null);

        assertThat(rule.operatingPoint()).isNull();
        assertThat(rule.cutoffs()).hasSize(1).containsEntry("Cardiomegaly", 0.3);
    }

    @Test
    void theBalancedPointDecidesInAPackageWithoutPlainCutoffs() {
        ModelManifest manifest = parse(written("platt"));

        assertThat(DecisionRule.of(manifest, null))
                .isEqualTo(DecisionRule.of(manifest, "balanced"))
                .extracting(DecisionRule::operatingPoint)
                .isEqualTo(OperatingPoint.BALANCED);
    }

    @Test
    void aPackageWithoutPointsHasItsPlainCutoffsOnly() {
        assertThat(DecisionRule.of(parse(""), null).cutoffs()).isEmpty();
        assertThat(DecisionRule.of(parse(PLAIN), null).cutoffs()).containsOnlyKeys("Cardiomegaly");
        assertThatExceptionOfType(UnknownOperatingPointException.class)
                .isThrownBy(() -> DecisionRule.of(parse(PLAIN), "specific"))
                .withMessage("The model has no operating points.");
    }

    @Test
    void aPointThatDoesNotExistIsRefused() {
        assertThatExceptionOfType(UnknownOperatingPointException.class)
                .isThrownBy(() -> DecisionRule.of(parse(written("platt")), "strict"))
                .withMessageContaining("'strict'")
                .withMessageContaining("sensitive, balanced, specific");
    }

    @ParameterizedTest
    @ValueSource(strings = {"platt", "isotonic"})
    void calibratedProbabilitiesAreThoseOfNumpy(String method) {
        ProbabilityCalibration calibration =
                requireNonNull(parse(written(method)).calibration());
        JsonNode golden = new JsonMapper().readTree(Samples.content("golden/calibration.json"));

        int compared = 0;
        for (JsonNode label : golden) {
            for (int i = 0;
                    label.get("method").asString().equals(method)
                            && i < label.get("logits").size();
                    i++) {
                double logit = label.get("logits").get(i).asDouble();
                assertThat(calibration.calibrated(label.get("label").asString(), logit, 1 / (1 + Math.exp(-logit))))
                        .isCloseTo(label.get("calibrated").get(i).asDouble(), within(1e-12));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(2 * 53);
    }

    /** By hand: the halves of two lines, a step, and the ends. */
    @ParameterizedTest
    @CsvSource({"0, 0.1", "0.2, 0.1", "0.3, 0.2", "0.4, 0.5", "0.5, 0.7", "0.6, 0.9", "1, 0.9"})
    void aTableIsFollowedInLinesAndHeldAtItsEnds(double probability, double calibrated) {
        ProbabilityCalibration calibration = requireNonNull(parse(TABLE).calibration());

        assertThat(calibration.calibrated("Cardiomegaly", 0, probability)).isCloseTo(calibrated, within(1e-12));
        assertThat(calibration.calibrated("Edema", 0, probability)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "platt | Pneumonia: | Edema: | operatingPoints.labels' must name labels of the model",
                "platt | Pneumonia: | Edema: | calibration.labels' must name labels of the model",
                "platt | specific: | strict: | operatingPoints.labels.Cardiomegaly.strict' is not a key; there are balanced",
                "platt | positives: | # positives: | operatingPoints.labels.positives' must be given",
                "platt | negatives: | negatives: 0 # | operatingPoints.labels.negatives' must be the number of images",
                "platt | probability: | probability: 1.5 # | operatingPoints.labels.sensitive.probability' must be between 0 and 1",
                "platt | probability: | # probability: | operatingPoints.labels.sensitive.probability' must be given",
                "platt | specificity: | specificity: .nan # | Malformed numeric value '.nan",
                "platt | chosenOn: | # chosenOn: | operatingPoints.chosenOn' must be given",
                "platt | fittedOn: | # fittedOn: | calibration.fittedOn' must be given",
                "platt | method: platt | method: spline | spline",
                "platt | method: platt | method: isotonic | must have slope and intercept for the method 'platt'",
                "platt | slope: | slope: -1 # | calibration.labels.slope' must be positive",
                "platt | intercept: | intercept: .inf # | Malformed numeric value '.inf",
                "isotonic | - 0.0307689 | - 0.5 | calibration.labels.probabilities' must be ascending",
                "isotonic | - 0.0139665 | - 0.9 | calibration.labels.calibrated' must be ascending",
                "isotonic | - 0.0307689 | - -0.1 | calibration.labels.probabilities' must be between 0 and 1",
                "isotonic | - 0.0307689 | # | must have one number for each of 'probabilities'",
                "isotonic | byChance: | # byChance: | calibration.ece.before.byChance' must be given",
                "isotonic | - 0.2992 | - 0.4 | interval' must be an interval of two numbers",
                "isotonic | ece: | unused: | calibration.unused' is not a key"
            })
    void wrongKeysAreRefusedByName(String written, String part, String by, String reason) {
        String yaml = written(written);
        String line = "(?m)^( *)%s( |$)".formatted(Pattern.quote(part));
        String wrong = reason.startsWith("calibration.labels' must name")
                ? yaml.substring(0, yaml.indexOf("calibration:"))
                        + yaml.substring(yaml.indexOf("calibration:")).replaceAll(line, "$1" + by + "$2")
                : yaml.replaceFirst(line, "$1" + by + "$2");

        assertThat(wrong).isNotEqualTo(yaml);
        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> parse(wrong))
                .withMessageContaining("model 'points' is refused")
                .withMessageContaining(reason);
    }

    @Test
    void aLineOfTheLogitIsRefusedForSoftmax() {
        String yaml = (MANIFEST + written("platt")).replace("activation: sigmoid", "activation: softmax");

        assertThatExceptionOfType(ModelRefusedException.class)
                .isThrownBy(() -> ManifestReader.parse("points", yaml.getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("'calibration.method' must be 'isotonic' where the activation is 'softmax'");
    }
}
