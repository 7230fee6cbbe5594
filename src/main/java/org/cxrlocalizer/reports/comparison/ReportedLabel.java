// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.comparison;

import java.util.List;
import org.cxrlocalizer.reports.LabelState;
import org.cxrlocalizer.reports.Mention;
import org.jspecify.annotations.Nullable;

/**
 * What a report states of the label of a finding.
 *
 * @param state null where the label is none of those that reports are read for
 * @param mentions in the order of the text
 * @param boxes of each of the finding's boxes, in their order
 */
public record ReportedLabel(@Nullable LabelState state, List<Mention> mentions, List<BoxAgreement> boxes) {

    public ReportedLabel {
        mentions = List.copyOf(mentions);
        boxes = List.copyOf(boxes);
    }
}
