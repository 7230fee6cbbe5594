package org.cxrlocalizer.dicom.documents;

import java.util.List;
import org.cxrlocalizer.geometry.Box;

/**
 * One finding on an image.
 *
 * @param label as the model calls it
 * @param code what it means
 * @param probability in [0, 1]
 * @param regions where it is, if it is said where
 */
public record ReportedFinding(String label, Code code, double probability, List<Region> regions) {

    public ReportedFinding {
        regions = List.copyOf(regions);
    }

    /**
     * Where a finding is.
     *
     * @param box in pixels of the image
     * @param score how sure the model is of this box, in [0, 1]
     */
    public record Region(Box box, double score) {}
}
