// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.util.Optional;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;
import org.cxrlocalizer.dicom.LookupTable;
import org.cxrlocalizer.dicom.Rescale;
import org.cxrlocalizer.dicom.ValueWindow;

/**
 * Takes an image's way from stored values to grey levels over into a presentation state, which replaces all of the image's own
 * (PS3.4, section N.2): its modality transform, and its first window or VOI table. What is unusable is left out.
 */
final class GreyTransforms {

    private GreyTransforms() {}

    static void copy(DataSet image, DataSetBuilder state) {
        Optional<LookupTable> modality = LookupTable.isModalityTableForDisplay(image)
                ? LookupTable.firstOf(image, Attribute.MODALITY_LUT_SEQUENCE, false)
                : Optional.empty();
        if (modality.isPresent()) {
            DataSet first = image.items(Attribute.MODALITY_LUT_SEQUENCE).get(0);
            state.items(
                    Attribute.MODALITY_LUT_SEQUENCE,
                    table(modality.get())
                            .copyPresent(first, Attribute.MODALITY_LUT_TYPE)
                            .build());
        } else {
            Rescale.of(image).ifPresent(rescale -> state.numbers(Attribute.RESCALE_INTERCEPT, rescale.intercept())
                    .numbers(Attribute.RESCALE_SLOPE, rescale.slope())
                    .text(
                            Attribute.RESCALE_TYPE,
                            image.text(Attribute.RESCALE_TYPE).orElse("US")));
        }
        DataSetBuilder voi = new DataSetBuilder();
        Optional<ValueWindow> window = ValueWindow.firstOf(image);
        Optional<LookupTable> table = LookupTable.firstOf(image, Attribute.VOI_LUT_SEQUENCE, false);
        if (window.isPresent()) {
            voi.numbers(Attribute.WINDOW_CENTER, window.get().center())
                    .numbers(Attribute.WINDOW_WIDTH, window.get().width());
            if (image.has(Attribute.VOI_LUT_FUNCTION)) {
                voi.text(Attribute.VOI_LUT_FUNCTION, window.get().function().name());
            }
        } else if (table.isPresent()) {
            voi.items(Attribute.VOI_LUT_SEQUENCE, table(table.get()).build());
        } else {
            return;
        }
        state.items(Attribute.SOFTCOPY_VOI_LUT_SEQUENCE, voi.build());
    }

    private static DataSetBuilder table(LookupTable table) {
        return new DataSetBuilder()
                .words(Attribute.LUT_DESCRIPTOR, table.descriptor())
                .words(Attribute.LUT_DATA, table.entries());
    }
}
