package org.cxrlocalizer.evaluation.jobs;

import java.util.List;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.localization.BoxPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants scored.
 *
 * @param dataset a configured dataset; null where predicted boxes were uploaded
 * @param methods empty for the model's default
 * @param policies empty for the model's default
 * @param leaveOutCalibration whether patients are left out that the model's calibrated policies were chosen on
 */
public record EvaluationRequest(
        @Nullable String dataset,
        List<String> methods,
        List<BoxPolicy> policies,
        boolean leaveOutCalibration,
        long seed,
        int draws) {

    public EvaluationRequest {
        methods = List.copyOf(methods);
        policies = List.copyOf(policies);
    }

    /** The boxes of an uploaded list. */
    public static EvaluationRequest ofUpload(Bootstrap bootstrap) {
        return new EvaluationRequest(null, List.of(), List.of(), false, bootstrap.seed(), bootstrap.draws());
    }

    Bootstrap bootstrap() {
        return new Bootstrap(seed, draws);
    }
}
