// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports.documents;

import org.cxrlocalizer.reports.ReportLabels;
import org.cxrlocalizer.reports.ReportText;

/**
 * A report that was read.
 *
 * @param text as it was taken out of the message or document; spans refer to it
 */
public record ReadReport(ReportText text, ReportLabels labels) {}
