// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import static org.cxrlocalizer.dicom.documents.Code.dcm;
import static org.cxrlocalizer.dicom.documents.ContentItem.CONTAINS;
import static org.cxrlocalizer.dicom.documents.ContentItem.CONTEXT;
import static org.cxrlocalizer.dicom.documents.ContentItem.MODIFIER;
import static org.cxrlocalizer.dicom.documents.ReportedMeasurements.COMMENT;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A structured report of findings and where they are: an Imaging Measurement Report (PS3.16, TID 1500) as a Comprehensive SR
 * (PS3.3, section A.35.3). There is nothing in three dimensions in it, and more viewers read this class than the one that has.
 */
public final class MeasurementReport {

    private static final String COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33";

    private static final Code TITLE = dcm("126000", "Imaging Measurement Report");
    private static final Code LANGUAGE = dcm("121049", "Language of Content Item and Descendants");
    private static final Code ENGLISH = new Code("en", "RFC5646", "English");
    private static final Code OBSERVER_TYPE = dcm("121005", "Observer Type");
    private static final Code DEVICE = dcm("121007", "Device");
    private static final Code DEVICE_UID = dcm("121012", "Device Observer UID");
    private static final Code DEVICE_NAME = dcm("121013", "Device Observer Name");
    private static final Code DEVICE_MANUFACTURER = dcm("121014", "Device Observer Manufacturer");
    private static final Code DEVICE_MODEL = dcm("121015", "Device Observer Model Name");
    private static final Code DEVICE_SERIAL = dcm("121016", "Device Observer Serial Number");
    private static final Code PROCEDURE = dcm("121058", "Procedure reported");
    private static final Code IMAGING = new Code("363679005", "SCT", "Imaging procedure");

    private final Header header;
    private final @Nullable PictureReference picture;

    private MeasurementReport(Header header, @Nullable PictureReference picture) {
        this.header = header;
        this.picture = picture;
    }

    /**
     * Writes a report.
     *
     * @param parameters of the algorithm, and what must be known of it
     * @param comments what must be known of the image and of the findings as a whole, for people
     * @param picture what shows the boxes, if it is stored too; a report without boxes does not refer to it
     */
    public static DataSet of(
            Header header,
            List<ReportedFinding> findings,
            List<String> parameters,
            List<String> comments,
            @Nullable PictureReference picture) {
        boolean hasRegions =
                findings.stream().anyMatch(finding -> !finding.regions().isEmpty());
        return new MeasurementReport(header, hasRegions ? picture : null)
                .write(new ReportedMeasurements(header, parameters, picture).of(findings), comments);
    }

    private DataSet write(List<DataSet> findings, List<String> comments) {
        return header.dataSet(COMPREHENSIVE_SR, "SR")
                .items(Attribute.REFERENCED_PERFORMED_PROCEDURE_STEP_SEQUENCE)
                .items(Attribute.PERFORMED_PROCEDURE_CODE_SEQUENCE)
                .text(Attribute.CONTENT_DATE, header.date())
                .text(Attribute.CONTENT_TIME, header.time())
                .text(Attribute.COMPLETION_FLAG, "COMPLETE")
                .text(Attribute.VERIFICATION_FLAG, "UNVERIFIED")
                .items(Attribute.CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE, evidence())
                .text(Attribute.VALUE_TYPE, "CONTAINER")
                .items(Attribute.CONCEPT_NAME_CODE_SEQUENCE, TITLE.item())
                .text(Attribute.CONTINUITY_OF_CONTENT, "SEPARATE")
                .items(Attribute.CONTENT_TEMPLATE_SEQUENCE, ContentItem.template("1500"))
                .items(Attribute.CONTENT_SEQUENCE, content(findings, comments))
                .build();
    }

    private DataSet evidence() {
        DataSet series = new DataSetBuilder()
                .copy(header.source().dataSet(), Attribute.SERIES_INSTANCE_UID)
                .items(Attribute.REFERENCED_SOP_SEQUENCE, header.source().instanceReference())
                .build();
        return new DataSetBuilder()
                .copy(header.source().dataSet(), Attribute.STUDY_INSTANCE_UID)
                .items(
                        Attribute.REFERENCED_SERIES_SEQUENCE,
                        picture == null ? List.of(series) : List.of(series, picture.series()))
                .build();
    }

    private List<DataSet> content(List<DataSet> findings, List<String> comments) {
        Device device = header.device();
        List<DataSet> content = new ArrayList<>(List.of(
                ContentItem.code(MODIFIER, LANGUAGE, ENGLISH),
                ContentItem.code(CONTEXT, OBSERVER_TYPE, DEVICE),
                ContentItem.uid(CONTEXT, DEVICE_UID, header.deviceUid()),
                ContentItem.text(CONTEXT, DEVICE_NAME, device.manufacturer()),
                ContentItem.text(CONTEXT, DEVICE_MANUFACTURER, device.manufacturer()),
                ContentItem.text(CONTEXT, DEVICE_MODEL, device.model()),
                ContentItem.text(CONTEXT, DEVICE_SERIAL, device.serialNumber()),
                ContentItem.code(MODIFIER, PROCEDURE, IMAGING)));
        // The template is extensible. Before the findings, because readers show items in their order.
        comments.forEach(comment -> content.add(ContentItem.text(CONTAINS, COMMENT, comment)));
        content.addAll(findings);
        return content;
    }
}
