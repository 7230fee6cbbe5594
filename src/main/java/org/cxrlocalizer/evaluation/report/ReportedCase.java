// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.List;
import org.cxrlocalizer.reports.tables.WrittenReport;

/**
 * An image and its report, as the three-column table shows them.
 *
 * @param pictures of the labels that the report states as present
 */
public record ReportedCase(WrittenReport report, List<CaseImage> pictures) {

    /** How many cases a report shows at most: each has pictures of its own. */
    public static final int MOST = 100;
}
