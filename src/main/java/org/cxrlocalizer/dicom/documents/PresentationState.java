// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import static org.cxrlocalizer.dicom.documents.Annotations.LAYER;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;

/**
 * A Grayscale Softcopy Presentation State (PS3.3, section A.33.1): how a viewer shows the image, whose pixels stay as they are,
 * with the boxes of findings drawn over it. Grey levels are those that the image itself states.
 */
public final class PresentationState {

    private static final String GRAYSCALE_SOFTCOPY_PRESENTATION_STATE = "1.2.840.10008.5.1.4.1.1.11.1";

    private final Header header;
    private final SourceImage source;

    private PresentationState(Header header) {
        this.header = header;
        source = header.source();
    }

    /**
     * Writes a presentation state.
     *
     * @param remark what viewers are to show at the image's corner
     * @throws UnreferenceableImageException if the image has colours
     */
    public static DataSet of(Header header, List<ReportedFinding> findings, String remark) {
        return new PresentationState(header).write(findings, remark);
    }

    private DataSet write(List<ReportedFinding> findings, String remark) {
        if (!source.isGrey()) {
            throw new UnreferenceableImageException(
                    "The image has colours, and a grayscale presentation state is for grey images only.");
        }
        DataSetBuilder state = header.dataSet(GRAYSCALE_SOFTCOPY_PRESENTATION_STATE, "PR")
                .text(Attribute.LATERALITY, laterality())
                .text(Attribute.CONTENT_LABEL, "CXR_LOCALIZER")
                .text(Attribute.CONTENT_DESCRIPTION, remark)
                .text(Attribute.PRESENTATION_CREATION_DATE, header.date())
                .text(Attribute.PRESENTATION_CREATION_TIME, header.time())
                .text(Attribute.CONTENT_CREATOR_NAME, "")
                .items(Attribute.REFERENCED_SERIES_SEQUENCE, series())
                .items(Attribute.DISPLAYED_AREA_SELECTION_SEQUENCE, displayedArea())
                .items(Attribute.GRAPHIC_ANNOTATION_SEQUENCE, Annotations.of(source, findings, remark))
                .items(
                        Attribute.GRAPHIC_LAYER_SEQUENCE,
                        new DataSetBuilder()
                                .text(Attribute.GRAPHIC_LAYER, LAYER)
                                .numbers(Attribute.GRAPHIC_LAYER_ORDER, 1)
                                .build())
                .text(
                        Attribute.PRESENTATION_LUT_SHAPE,
                        source.photometric().equals("MONOCHROME1") ? "INVERSE" : "IDENTITY");
        GreyTransforms.copy(source.dataSet(), state);
        return state.build();
    }

    /** Returns the laterality where the image states a side; files state other things too. */
    private String laterality() {
        return source.dataSet()
                .string(Attribute.LATERALITY)
                .filter(side -> side.equals("L") || side.equals("R"))
                .orElse("");
    }

    private DataSet series() {
        return new DataSetBuilder()
                .copy(source.dataSet(), Attribute.SERIES_INSTANCE_UID)
                .items(
                        Attribute.REFERENCED_IMAGE_SEQUENCE,
                        source.imageReference().build())
                .build();
    }

    /** All of the image; its pixels are numbered from 1 here (PS3.3, section C.10.4). */
    private DataSet displayedArea() {
        DataSetBuilder area = new DataSetBuilder()
                .numbers(Attribute.DISPLAYED_AREA_TOP_LEFT, 1, 1)
                .numbers(Attribute.DISPLAYED_AREA_BOTTOM_RIGHT, source.columns(), source.rows())
                .text(Attribute.PRESENTATION_SIZE_MODE, "SCALE TO FIT");
        Optional<double[]> spacing = Stream.of(Attribute.PIXEL_SPACING, Attribute.IMAGER_PIXEL_SPACING)
                .flatMap(attribute -> PixelGeometry.spacing(source.dataSet(), attribute).stream())
                .findFirst();
        if (spacing.isPresent()) {
            return area.numbers(Attribute.PRESENTATION_PIXEL_SPACING, spacing.get())
                    .build();
        }
        double[] ratio = PixelGeometry.aspectRatio(source.dataSet()).orElse(new double[] {1, 1});
        return area.numbers(Attribute.PRESENTATION_PIXEL_ASPECT_RATIO, ratio).build();
    }
}
