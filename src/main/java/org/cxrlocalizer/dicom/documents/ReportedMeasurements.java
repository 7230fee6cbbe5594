// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import static org.cxrlocalizer.dicom.documents.Code.dcm;
import static org.cxrlocalizer.dicom.documents.ContentItem.CONTAINS;
import static org.cxrlocalizer.dicom.documents.ContentItem.CONTEXT;
import static org.cxrlocalizer.dicom.documents.ContentItem.INFERRED;
import static org.cxrlocalizer.dicom.documents.ContentItem.MODIFIER;
import static org.cxrlocalizer.dicom.documents.ContentItem.PROPERTY;

import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.geometry.Box;
import org.jspecify.annotations.Nullable;

/**
 * The findings of a report by template TID 1500. Each box is a measurement group with a planar region of interest (PS3.16,
 * TID 1410). A finding without boxes is a qualitative evaluation: viewers expect a region in each group.
 */
final class ReportedMeasurements {

    static final Code COMMENT = dcm("121106", "Comment");

    private static final Code MEASUREMENTS = dcm("126010", "Imaging Measurements");
    private static final Code EVALUATIONS = new Code("C0034375", "UMLS", "Qualitative Evaluations");
    private static final Code GROUP = dcm("125007", "Measurement Group");
    private static final String PLANAR_REGION = "1410";
    private static final Code TRACKING_IDENTIFIER = dcm("112039", "Tracking Identifier");
    private static final Code TRACKING_UID = dcm("112040", "Tracking Unique Identifier");
    private static final Code FINDING = dcm("121071", "Finding");
    private static final Code REGION = dcm("111030", "Image Region");
    private static final Code EXPLANATION = dcm("130401", "Visual Explanation");
    private static final Code CERTAINTY = dcm("111012", "Certainty of Finding");
    private static final Code METHOD = new Code("370129005", "SCT", "Measurement Method");
    private static final Code SCORE = new Code("246262008", "SCT", "Score");
    private static final Code ALGORITHM_NAME = dcm("111001", "Algorithm Name");
    private static final Code ALGORITHM_VERSION = dcm("111003", "Algorithm Version");
    private static final Code ALGORITHM_PARAMETERS = dcm("111002", "Algorithm Parameters");
    private static final Code PERCENT = new Code("%", "UCUM", "Percent");

    private final Header header;
    private final List<String> parameters;
    private final @Nullable PictureReference picture;

    ReportedMeasurements(Header header, List<String> parameters, @Nullable PictureReference picture) {
        this.header = header;
        this.parameters = parameters;
        this.picture = picture;
    }

    /** Returns the containers of the findings with boxes and of those without, each only if it has content. */
    List<DataSet> of(List<ReportedFinding> findings) {
        List<DataSet> groups = new ArrayList<>();
        List<DataSet> evaluations = new ArrayList<>();
        for (ReportedFinding finding : findings) {
            if (finding.regions().isEmpty()) {
                evaluations.add(evaluation(finding));
            }
            for (int i = 0; i < finding.regions().size(); i++) {
                groups.add(group(finding, finding.regions().get(i), i + 1));
            }
        }
        List<DataSet> containers = new ArrayList<>();
        if (!groups.isEmpty()) {
            containers.add(ContentItem.container(MEASUREMENTS, groups));
        }
        if (!evaluations.isEmpty()) {
            containers.add(ContentItem.container(EVALUATIONS, evaluations));
        }
        return containers;
    }

    /**
     * The score of a box has the finding as its name, because OHIF writes a group's numbers with their names at the region, and
     * no other item. Once a user tracks the measurements there, OHIF takes the region from below the first number and its label
     * from the comment.
     */
    private DataSet group(ReportedFinding finding, ReportedFinding.Region region, int number) {
        Box box = region.box();
        List<DataSet> score = algorithm();
        score.add(ContentItem.code(MODIFIER, METHOD, SCORE));
        score.add(ContentItem.region(INFERRED, REGION, box, header.source()));
        List<DataSet> items = new ArrayList<>(List.of(
                ContentItem.text(CONTEXT, TRACKING_IDENTIFIER, finding.label() + " " + number),
                ContentItem.uid(CONTEXT, TRACKING_UID, header.trackingUid(finding.label(), number)),
                ContentItem.code(CONTAINS, FINDING, finding.code()),
                ContentItem.text(CONTAINS, COMMENT, finding.caption()),
                ContentItem.region(CONTAINS, REGION, box, header.source())));
        if (picture != null) {
            items.add(ContentItem.image(CONTAINS, EXPLANATION, picture.image()));
        }
        items.add(ContentItem.number(CONTAINS, finding.code(), 100 * region.score(), PERCENT, score));
        items.add(certainty(CONTAINS, finding));
        return ContentItem.container(GROUP, PLANAR_REGION, items);
    }

    private DataSet evaluation(ReportedFinding finding) {
        List<DataSet> properties = new ArrayList<>(List.of(certainty(PROPERTY, finding)));
        if (finding.positive() != null) {
            properties.add(ContentItem.text(PROPERTY, COMMENT, finding.positive() ? "positive" : "below the cut-off"));
        }
        return ContentItem.code(CONTAINS, FINDING, finding.code(), properties);
    }

    private DataSet certainty(String relationship, ReportedFinding finding) {
        return ContentItem.number(relationship, CERTAINTY, 100 * finding.probability(), PERCENT, algorithm());
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
