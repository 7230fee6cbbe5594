// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.cxrlocalizer.reports.LabelPolicy;
import org.cxrlocalizer.reports.comparison.ReportComparison;
import org.cxrlocalizer.reports.documents.ReadReport;

@Schema(
        name = "ReportComparison",
        description = "A report, and the labels of the findings by whether it agrees with the model.")
record ReportComparisonBody(
        ReportAnswer report,

        @Schema(description = "Positive and stated as present, or negative and not stated.")
        List<String> agreements,

        @Schema(description = "Positive and not stated, or negative and stated as present.")
        List<String> disagreements,

        @Schema(
                description =
                        "Stated as uncertain, without a cut-off, or none of the labels that reports are read for.")
        List<String> undecided) {

    static ReportComparisonBody of(ReadReport report, ReportComparison comparison) {
        return new ReportComparisonBody(
                ReportAnswer.of(report, LabelPolicy.CERTAIN),
                comparison.agreements(),
                comparison.disagreements(),
                comparison.undecided());
    }
}
