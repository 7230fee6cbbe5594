// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.metrics;

import java.util.List;
import org.cxrlocalizer.localization.ScoredBox;

/** What a system found, by the numbers of a {@link TruthSet}. */
@FunctionalInterface
public interface Detections {

    /** The boxes of one label on one image, highest score first. */
    List<ScoredBox> of(int image, int label);
}
