// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.localization.BoxPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a caller chooses of an evaluation, over HTTP or on the command line.
 *
 * @param methods empty for the model's default
 * @param policies empty for the model's default
 * @param leaveOutCalibration whether the images of the patients are left out that the model's calibrated policies and methods were
 *     fitted on; otherwise these are refused
 * @param operatingPoint whose cut-offs decide which findings are positive; null, and absent in JSON, for the model's default
 * @param bootstrap in JSON, its seed and draws stand beside the other options
 */
public record EvaluationOptions(
        List<String> methods,
        List<BoxPolicy> policies,
        boolean leaveOutCalibration,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String operatingPoint,
        @JsonUnwrapped Bootstrap bootstrap) {

    public EvaluationOptions {
        methods = List.copyOf(methods);
        policies = List.copyOf(policies);
    }
}
