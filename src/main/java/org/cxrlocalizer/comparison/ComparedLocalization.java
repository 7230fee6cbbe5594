// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.comparison;

import java.util.List;

/**
 * The findings of one radiograph beside its ground truth, in the order of the localization.
 *
 * @param warnings why something was not compared
 */
public record ComparedLocalization(List<ComparedFinding> findings, List<String> warnings) {}
