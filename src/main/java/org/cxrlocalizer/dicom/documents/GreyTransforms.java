package org.cxrlocalizer.dicom.documents;

import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;

/**
 * Takes an image's way from stored values to grey levels over into a presentation state, which replaces all of the image's own
 * (PS3.4, section N.2): its modality transform, and its first window or VOI table.
 */
final class GreyTransforms {

    private GreyTransforms() {}

    static void copy(DataSet image, DataSetBuilder state) {
        List<DataSet> modalityTables = image.items(Attribute.MODALITY_LUT_SEQUENCE);
        if (!modalityTables.isEmpty()) {
            DataSet table = modalityTables.get(0);
            state.items(
                    Attribute.MODALITY_LUT_SEQUENCE,
                    table(table).copyPresent(table, Attribute.MODALITY_LUT_TYPE).build());
        } else if (image.decimals(Attribute.RESCALE_SLOPE).length > 0) {
            state.copy(image, Attribute.RESCALE_INTERCEPT, Attribute.RESCALE_SLOPE)
                    .text(
                            Attribute.RESCALE_TYPE,
                            image.text(Attribute.RESCALE_TYPE).orElse("US"));
        }
        DataSetBuilder voi = new DataSetBuilder();
        double[] centers = image.decimals(Attribute.WINDOW_CENTER);
        double[] widths = image.decimals(Attribute.WINDOW_WIDTH);
        List<DataSet> tables = image.items(Attribute.VOI_LUT_SEQUENCE);
        if (centers.length > 0 && widths.length > 0) {
            voi.numbers(Attribute.WINDOW_CENTER, centers[0])
                    .numbers(Attribute.WINDOW_WIDTH, widths[0])
                    .copyPresent(image, Attribute.VOI_LUT_FUNCTION);
        } else if (!tables.isEmpty()) {
            voi.items(Attribute.VOI_LUT_SEQUENCE, table(tables.get(0)).build());
        } else {
            return;
        }
        state.items(Attribute.SOFTCOPY_VOI_LUT_SEQUENCE, voi.build());
    }

    private static DataSetBuilder table(DataSet table) {
        return new DataSetBuilder()
                .words(Attribute.LUT_DESCRIPTOR, table.words(Attribute.LUT_DESCRIPTOR))
                .words(Attribute.LUT_DATA, table.words(Attribute.LUT_DATA));
    }
}
