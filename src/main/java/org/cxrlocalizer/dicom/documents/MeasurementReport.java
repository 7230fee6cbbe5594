package org.cxrlocalizer.dicom.documents;

import static org.cxrlocalizer.dicom.documents.Code.dcm;
import static org.cxrlocalizer.dicom.documents.ContentItem.CONTAINS;
import static org.cxrlocalizer.dicom.documents.ContentItem.CONTEXT;
import static org.cxrlocalizer.dicom.documents.ContentItem.MODIFIER;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DataSetBuilder;

/**
 * A structured report of findings and where they are: an Imaging Measurement Report (PS3.16, TID 1500) as a Comprehensive 3D
 * SR (PS3.3, section A.35.13). Each box is a measurement group with a planar region of interest (TID 1410); a finding without
 * boxes is a group without one (TID 1501).
 */
public final class MeasurementReport {

    private static final String COMPREHENSIVE_3D_SR = "1.2.840.10008.5.1.4.1.1.88.34";

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
    private static final Code COMMENT = dcm("121106", "Comment");
    private static final Code MEASUREMENTS = dcm("126010", "Imaging Measurements");
    private static final Code GROUP = dcm("125007", "Measurement Group");
    private static final Code TRACKING_IDENTIFIER = dcm("112039", "Tracking Identifier");
    private static final Code TRACKING_UID = dcm("112040", "Tracking Unique Identifier");
    private static final Code FINDING = dcm("121071", "Finding");
    private static final Code REGION = dcm("111030", "Image Region");
    private static final Code CERTAINTY = dcm("111012", "Certainty of Finding");
    private static final Code SCORE = new Code("246262008", "SCT", "Score");
    private static final Code ALGORITHM_NAME = dcm("111001", "Algorithm Name");
    private static final Code ALGORITHM_VERSION = dcm("111003", "Algorithm Version");
    private static final Code ALGORITHM_PARAMETERS = dcm("111002", "Algorithm Parameters");
    private static final Code PERCENT = new Code("%", "UCUM", "Percent");
    private static final Code NO_UNITS = new Code("1", "UCUM", "no units");

    private final Header header;
    private final List<String> parameters;

    private MeasurementReport(Header header, List<String> parameters) {
        this.header = header;
        this.parameters = parameters;
    }

    /**
     * Writes a report.
     *
     * @param parameters of the algorithm, and what must be known of it
     * @param comments what must be known of the image, for people
     */
    public static DataSet of(
            Header header, List<ReportedFinding> findings, List<String> parameters, List<String> comments) {
        return new MeasurementReport(header, parameters).write(findings, comments);
    }

    private DataSet write(List<ReportedFinding> findings, List<String> comments) {
        List<DataSet> groups =
                findings.stream().flatMap(finding -> groups(finding).stream()).toList();
        return header.dataSet(COMPREHENSIVE_3D_SR, "SR")
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
                .items(
                        Attribute.CONTENT_TEMPLATE_SEQUENCE,
                        new DataSetBuilder()
                                .text(Attribute.MAPPING_RESOURCE, "DCMR")
                                .text(Attribute.TEMPLATE_IDENTIFIER, "1500")
                                .build())
                .items(Attribute.CONTENT_SEQUENCE, content(groups, comments))
                .build();
    }

    private DataSet evidence() {
        DataSet series = new DataSetBuilder()
                .copy(header.source().dataSet(), Attribute.SERIES_INSTANCE_UID)
                .items(Attribute.REFERENCED_SOP_SEQUENCE, header.source().instanceReference())
                .build();
        return new DataSetBuilder()
                .copy(header.source().dataSet(), Attribute.STUDY_INSTANCE_UID)
                .items(Attribute.REFERENCED_SERIES_SEQUENCE, series)
                .build();
    }

    private List<DataSet> content(List<DataSet> groups, List<String> comments) {
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
        content.add(ContentItem.container(CONTAINS, MEASUREMENTS, groups));
        return content;
    }

    private List<DataSet> groups(ReportedFinding finding) {
        if (finding.regions().isEmpty()) {
            return List.of(ContentItem.container(
                    CONTAINS,
                    GROUP,
                    List.of(
                            ContentItem.text(CONTEXT, TRACKING_IDENTIFIER, finding.label()),
                            ContentItem.uid(CONTEXT, TRACKING_UID, header.trackingUid(finding.label(), 0)),
                            ContentItem.code(CONTAINS, FINDING, finding.code()),
                            certainty(finding))));
        }
        List<DataSet> groups = new ArrayList<>();
        for (int i = 0; i < finding.regions().size(); i++) {
            ReportedFinding.Region region = finding.regions().get(i);
            int number = i + 1;
            groups.add(ContentItem.container(
                    CONTAINS,
                    GROUP,
                    List.of(
                            ContentItem.text(CONTEXT, TRACKING_IDENTIFIER, finding.label() + " " + number),
                            ContentItem.uid(CONTEXT, TRACKING_UID, header.trackingUid(finding.label(), number)),
                            ContentItem.code(CONTAINS, FINDING, finding.code()),
                            ContentItem.region(REGION, region.box(), header.source()),
                            certainty(finding),
                            ContentItem.number(SCORE, region.score(), NO_UNITS, algorithm()))));
        }
        return groups;
    }

    private DataSet certainty(ReportedFinding finding) {
        return ContentItem.number(CERTAINTY, 100 * finding.probability(), PERCENT, algorithm());
    }

    /** TID 4019. */
    private List<DataSet> algorithm() {
        List<DataSet> items = new ArrayList<>();
        items.add(ContentItem.text(MODIFIER, ALGORITHM_NAME, header.device().model()));
        items.add(ContentItem.text(MODIFIER, ALGORITHM_VERSION, header.device().version()));
        parameters.forEach(parameter -> items.add(ContentItem.text(MODIFIER, ALGORITHM_PARAMETERS, parameter)));
        return items;
    }
}
