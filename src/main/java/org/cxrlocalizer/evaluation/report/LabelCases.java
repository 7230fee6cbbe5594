// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.report;

import java.util.List;

/** The cases of one label, the best first. */
public record LabelCases(String label, List<CaseImage> cases) {}
