// SPDX-License-Identifier: Apache-2.0
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
    static final String PROPERTY = "HAS PROPERTIES";
    static final String INFERRED = "INFERRED FROM";

    private static final Code ORIGINAL = Code.dcm("111040", "Original Source");

    private ContentItem() {}

    static DataSet container(Code concept, List<DataSet> children) {
        return separate(concept).items(Attribute.CONTENT_SEQUENCE, children).build();
    }

    /**
     * A container that follows a template.
     *
     * @param template its number in PS3.16
     */
    static DataSet container(Code concept, String template, List<DataSet> children) {
        return separate(concept)
                .items(Attribute.CONTENT_TEMPLATE_SEQUENCE, template(template))
                .items(Attribute.CONTENT_SEQUENCE, children)
                .build();
    }

    private static DataSetBuilder separate(Code concept) {
        return item(CONTAINS, "CONTAINER", concept).text(Attribute.CONTINUITY_OF_CONTENT, "SEPARATE");
    }

    static DataSet template(String number) {
        return new DataSetBuilder()
                .text(Attribute.MAPPING_RESOURCE, "DCMR")
                .text(Attribute.TEMPLATE_IDENTIFIER, number)
                .build();
    }

    static DataSet code(String relationship, Code concept, Code value) {
        return code(relationship, concept, value, List.of());
    }

    static DataSet code(String relationship, Code concept, Code value, List<DataSet> children) {
        return with(children, item(relationship, "CODE", concept).items(Attribute.CONCEPT_CODE_SEQUENCE, value.item()));
    }

    static DataSet text(String relationship, Code concept, String value) {
        return item(relationship, "TEXT", concept)
                .text(Attribute.TEXT_VALUE, value)
                .build();
    }

    static DataSet uid(String relationship, Code concept, String value) {
        return item(relationship, "UIDREF", concept).text(Attribute.UID, value).build();
    }

    static DataSet number(String relationship, Code concept, double value, Code unit, List<DataSet> children) {
        return with(
                children,
                item(relationship, "NUM", concept)
                        .items(
                                Attribute.MEASURED_VALUE_SEQUENCE,
                                new DataSetBuilder()
                                        .numbers(Attribute.NUMERIC_VALUE, value)
                                        .items(Attribute.MEASUREMENT_UNITS_CODE_SEQUENCE, unit.item())
                                        .build()));
    }

    /** The sequence of children may not be empty. */
    private static DataSet with(List<DataSet> children, DataSetBuilder item) {
        return children.isEmpty()
                ? item.build()
                : item.items(Attribute.CONTENT_SEQUENCE, children).build();
    }

    /**
     * The outline of a box. Graphic data has our own convention: the origin is the top-left corner of the top-left pixel, and
     * x runs to the right, y down (PS3.3, section C.18.6.1.1).
     */
    static DataSet region(String relationship, Code concept, Box box, SourceImage source) {
        return item(relationship, "SCOORD", concept)
                .text(Attribute.GRAPHIC_TYPE, "POLYLINE")
                .numbers(Attribute.GRAPHIC_DATA, outline(box))
                .items(
                        Attribute.CONTENT_SEQUENCE,
                        image("SELECTED FROM", ORIGINAL, source.imageReference().build()))
                .build();
    }

    static DataSet image(String relationship, Code concept, DataSet reference) {
        return item(relationship, "IMAGE", concept)
                .items(Attribute.REFERENCED_SOP_SEQUENCE, reference)
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
