// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;

/** What a picture states about compressions with loss: those of its source, and its own behind them (PS3.3, section C.7.6.1). */
final class Lossiness {

    private static final String LOSSY = "01";
    private static final String NOT_LOSSY = "00";
    private static final String JPEG = "ISO_10918_1";

    private Lossiness() {}

    /** States what the source states. */
    static DataSetBuilder copy(DataSetBuilder picture, DataSet source) {
        if (!isLossy(source)) {
            return picture.text(Attribute.LOSSY_IMAGE_COMPRESSION, NOT_LOSSY);
        }
        return picture.text(Attribute.LOSSY_IMAGE_COMPRESSION, LOSSY)
                .copyPresent(source, Attribute.LOSSY_IMAGE_COMPRESSION_RATIO, Attribute.LOSSY_IMAGE_COMPRESSION_METHOD);
    }

    /**
     * States a compression as JPEG. Values of the source are kept only if it has as many ratios as methods: the lists belong
     * together.
     *
     * @param ratio of the sizes before and after
     */
    static DataSetBuilder add(DataSetBuilder picture, DataSet source, double ratio) {
        List<String> ratios = new ArrayList<>();
        List<String> methods = new ArrayList<>();
        if (isLossy(source)
                && source.strings(Attribute.LOSSY_IMAGE_COMPRESSION_RATIO).size()
                        == source.strings(Attribute.LOSSY_IMAGE_COMPRESSION_METHOD)
                                .size()) {
            ratios.addAll(source.strings(Attribute.LOSSY_IMAGE_COMPRESSION_RATIO));
            methods.addAll(source.strings(Attribute.LOSSY_IMAGE_COMPRESSION_METHOD));
        }
        ratios.add(String.format(Locale.ROOT, "%.2f", ratio));
        methods.add(JPEG);
        return picture.text(Attribute.LOSSY_IMAGE_COMPRESSION, LOSSY)
                .text(Attribute.LOSSY_IMAGE_COMPRESSION_RATIO, ratios.toArray(String[]::new))
                .text(Attribute.LOSSY_IMAGE_COMPRESSION_METHOD, methods.toArray(String[]::new));
    }

    private static boolean isLossy(DataSet source) {
        return source.string(Attribute.LOSSY_IMAGE_COMPRESSION)
                .filter(LOSSY::equals)
                .isPresent();
    }
}
