// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;

/**
 * A secondary capture in the study of the image, which shows what a report states.
 *
 * @param sopInstanceUid of the capture
 * @param seriesUid of its series
 */
public record PictureReference(String sopInstanceUid, String seriesUid) {

    DataSet image() {
        return new DataSetBuilder()
                .text(Attribute.REFERENCED_SOP_CLASS_UID, SecondaryCapture.SECONDARY_CAPTURE)
                .text(Attribute.REFERENCED_SOP_INSTANCE_UID, sopInstanceUid)
                .build();
    }

    DataSet series() {
        return new DataSetBuilder()
                .text(Attribute.SERIES_INSTANCE_UID, seriesUid)
                .items(Attribute.REFERENCED_SOP_SEQUENCE, image())
                .build();
    }
}
