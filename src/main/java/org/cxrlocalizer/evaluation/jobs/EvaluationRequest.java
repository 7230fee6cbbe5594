// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.cxrlocalizer.evaluation.EvaluationOptions;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.jspecify.annotations.Nullable;

/**
 * A requested evaluation. The database keeps it as one flat JSON object.
 *
 * @param dataset a configured dataset; null where predicted boxes were uploaded
 * @param model a served model; null, and absent in JSON, for the default
 * @param options of uploaded boxes, only the bootstrap counts
 */
public record EvaluationRequest(
        @Nullable String dataset,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String model,
        @JsonUnwrapped EvaluationOptions options) {

    /** Requests the scoring of the boxes of an uploaded list. */
    static EvaluationRequest ofUpload(Bootstrap bootstrap) {
        return new EvaluationRequest(null, null, new EvaluationOptions(List.of(), List.of(), false, null, bootstrap));
    }
}
