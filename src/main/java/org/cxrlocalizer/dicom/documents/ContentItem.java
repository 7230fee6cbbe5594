package org.cxrlocalizer.dicom.documents;

import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;
import org.cxrlocalizer.geometry.Box;

/** Content items of structured reports (PS3.3, section C.17.3), each with its relationship to the one that it stands in. */
final class ContentItem {

    static final String CONTAINS = "CONTAINS";
    static final String CONTEXT = "HAS OBS CONTEXT";
    static final String MODIFIER = "HAS CONCEPT MOD";

    private ContentItem() {}

    static DataSet container(String relationship, Code concept, List<DataSet> children) {
        return item(relationship, "CONTAINER", concept)
                .text(Attribute.CONTINUITY_OF_CONTENT, "SEPARATE")
                .items(Attribute.CONTENT_SEQUENCE, children)
                .build();
    }

    static DataSet code(String relationship, Code concept, Code value) {
        return item(relationship, "CODE", concept)
                .items(Attribute.CONCEPT_CODE_SEQUENCE, value.item())
                .build();
    }

    static DataSet text(String relationship, Code concept, String value) {
        return item(relationship, "TEXT", concept)
                .text(Attribute.TEXT_VALUE, value)
                .build();
    }

    static DataSet uid(String relationship, Code concept, String value) {
        return item(relationship, "UIDREF", concept).text(Attribute.UID, value).build();
    }

    static DataSet number(Code concept, double value, Code unit, List<DataSet> children) {
        return item(CONTAINS, "NUM", concept)
                .items(
                        Attribute.MEASURED_VALUE_SEQUENCE,
                        new DataSetBuilder()
                                .numbers(Attribute.NUMERIC_VALUE, value)
                                .items(Attribute.MEASUREMENT_UNITS_CODE_SEQUENCE, unit.item())
                                .build())
                .items(Attribute.CONTENT_SEQUENCE, children)
                .build();
    }

    /**
     * The outline of a box. Graphic data has our own convention: the origin is the top-left corner of the top-left pixel, and
     * x runs to the right, y down (PS3.3, section C.18.6.1.1).
     */
    static DataSet region(Code concept, Box box, SourceImage source) {
        return item(CONTAINS, "SCOORD", concept)
                .text(Attribute.GRAPHIC_TYPE, "POLYLINE")
                .numbers(Attribute.GRAPHIC_DATA, outline(box))
                .items(
                        Attribute.CONTENT_SEQUENCE,
                        new DataSetBuilder()
                                .text(Attribute.RELATIONSHIP_TYPE, "SELECTED FROM")
                                .text(Attribute.VALUE_TYPE, "IMAGE")
                                .items(
                                        Attribute.REFERENCED_SOP_SEQUENCE,
                                        source.imageReference().build())
                                .build())
                .build();
    }

    /** A closed polyline: the corners, and the first once more. */
    static double[] outline(Box box) {
        double right = box.x() + box.width();
        double bottom = box.y() + box.height();
        return new double[] {box.x(), box.y(), right, box.y(), right, bottom, box.x(), bottom, box.x(), box.y()};
    }

    private static DataSetBuilder item(String relationship, String type, Code concept) {
        return new DataSetBuilder()
                .text(Attribute.RELATIONSHIP_TYPE, relationship)
                .text(Attribute.VALUE_TYPE, type)
                .items(Attribute.CONCEPT_NAME_CODE_SEQUENCE, concept.item());
    }
}
