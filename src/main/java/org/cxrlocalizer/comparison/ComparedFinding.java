// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.comparison;

import java.util.List;
import org.cxrlocalizer.localization.Finding;

/**
 * A finding beside the ground truth of its label.
 *
 * @param comparisons empty where there is no ground truth to compare with
 */
public record ComparedFinding(Finding finding, List<Comparison> comparisons) {}
