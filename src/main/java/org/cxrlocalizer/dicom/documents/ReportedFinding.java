// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.util.List;
import java.util.Locale;
import org.cxrlocalizer.geometry.Box;
import org.jspecify.annotations.Nullable;

/**
 * One finding on an image.
 *
 * @param label as the model calls it
 * @param code what it means
 * @param probability in [0, 1]
 * @param positive whether the probability reaches the cut-off; null where the model has none
 * @param regions where it is; empty where that is not stated
 */
public record ReportedFinding(
        String label,
        Code code,
        double probability,
        @Nullable Boolean positive,
        List<Region> regions) {

    public ReportedFinding {
        regions = List.copyOf(regions);
    }

    /**
     * Returns what stands beside a box, as {@code Cardiomegaly: positive}. Of a model without cut-offs it is the probability, as
     * {@code Cardiomegaly 87 %}: beside a cut-off, a probability of rare findings reads as a denial.
     */
    String caption() {
        if (positive != null) {
            return positive ? label + ": positive" : label + ": below the cut-off";
        }
        return String.format(Locale.ROOT, "%s %.0f %%", label, 100 * probability);
    }

    /**
     * Where a finding is.
     *
     * @param box in pixels of the image
     * @param score how sure the model is of this box, in [0, 1]
     */
    public record Region(Box box, double score) {}
}
