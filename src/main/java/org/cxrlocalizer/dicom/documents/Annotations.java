// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;
import org.cxrlocalizer.geometry.Box;

/**
 * Boxes and text over an image (PS3.3, section C.10.5). Their unit PIXEL has our own convention: the top-left corner of the
 * top-left pixel is 0\0.
 */
final class Annotations {

    static final String LAYER = "FINDINGS";

    private static final String PIXEL = "PIXEL";

    private Annotations() {}

    static DataSet of(SourceImage source, List<ReportedFinding> findings, String remark) {
        List<DataSet> texts = new ArrayList<>();
        List<DataSet> outlines = new ArrayList<>();
        texts.add(text(remark, 0, 0));
        for (ReportedFinding finding : findings) {
            for (ReportedFinding.Region region : finding.regions()) {
                Box box = region.box();
                outlines.add(outline(box));
                texts.add(text(finding.caption(), box.x(), box.y()));
            }
        }
        DataSetBuilder annotation = new DataSetBuilder()
                .items(
                        Attribute.REFERENCED_IMAGE_SEQUENCE,
                        source.imageReference().build())
                .text(Attribute.GRAPHIC_LAYER, LAYER)
                .items(Attribute.TEXT_OBJECT_SEQUENCE, texts);
        if (!outlines.isEmpty()) {
            annotation.items(Attribute.GRAPHIC_OBJECT_SEQUENCE, outlines);
        }
        return annotation.build();
    }

    private static DataSet text(String text, double x, double y) {
        return new DataSetBuilder()
                .text(Attribute.ANCHOR_POINT_ANNOTATION_UNITS, PIXEL)
                .text(Attribute.UNFORMATTED_TEXT_VALUE, text)
                .numbers(Attribute.ANCHOR_POINT, x, y)
                .text(Attribute.ANCHOR_POINT_VISIBILITY, "N")
                .build();
    }

    private static DataSet outline(Box box) {
        double[] points = ContentItem.outline(box);
        return new DataSetBuilder()
                .text(Attribute.GRAPHIC_ANNOTATION_UNITS, PIXEL)
                .numbers(Attribute.GRAPHIC_DIMENSIONS, 2)
                .numbers(Attribute.NUMBER_OF_GRAPHIC_POINTS, points.length / 2.0)
                .numbers(Attribute.GRAPHIC_DATA, points)
                .text(Attribute.GRAPHIC_TYPE, "POLYLINE")
                .text(Attribute.GRAPHIC_FILLED, "N")
                .build();
    }
}
