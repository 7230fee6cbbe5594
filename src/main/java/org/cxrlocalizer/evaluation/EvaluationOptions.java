package org.cxrlocalizer.evaluation;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.localization.BoxPolicy;

/**
 * What a caller chooses of an evaluation, over HTTP or on the command line.
 *
 * @param methods empty for the model's default
 * @param policies empty for the model's default
 * @param leaveOutCalibration whether the images of the patients are left out that the model's calibrated policies were chosen
 *     on; otherwise a calibrated policy is refused
 * @param bootstrap in JSON, its seed and draws stand beside the other options
 */
public record EvaluationOptions(
        List<String> methods,
        List<BoxPolicy> policies,
        boolean leaveOutCalibration,
        @JsonUnwrapped Bootstrap bootstrap) {

    public EvaluationOptions {
        methods = List.copyOf(methods);
        policies = List.copyOf(policies);
    }
}
