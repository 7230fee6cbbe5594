package org.cxrlocalizer.results;

import java.time.Clock;
import java.util.List;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DerivedUid;
import org.cxrlocalizer.dicom.DicomWriter;
import org.cxrlocalizer.dicom.documents.CapturedImage;
import org.cxrlocalizer.dicom.documents.Device;
import org.cxrlocalizer.dicom.documents.Header;
import org.cxrlocalizer.dicom.documents.MeasurementReport;
import org.cxrlocalizer.dicom.documents.PresentationState;
import org.cxrlocalizer.dicom.documents.ReportedFinding;
import org.cxrlocalizer.dicom.documents.SecondaryCapture;
import org.cxrlocalizer.dicom.documents.SourceImage;
import org.cxrlocalizer.drawing.ResultPicture;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.localization.BoxPolicyReader;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.version.ProgramVersion;
import org.springframework.stereotype.Component;

/** Makes DICOM objects of what was found on an image. */
@Component
public class ResultObjects {

    /** The maker that all our objects state. */
    public static final String MANUFACTURER = "cxr-localizer";

    private static final String REMARK = "Research use only, not a medical device";

    private final Clock clock;
    private final ProgramVersion version;

    ResultObjects(Clock clock, ProgramVersion version) {
        this.clock = clock;
        this.version = version;
    }

    private Device device(ModelManifest model, SourceImage source) {
        return new Device(
                MANUFACTURER,
                model.name(),
                model.sha256(),
                source.legible("%s, model %s".formatted(version, model.version())));
    }

    /**
     * What documents about an image refer to: the DICOM file itself, or a secondary capture of a PNG or JPEG.
     *
     * @param frame from 1
     * @throws org.cxrlocalizer.dicom.documents.UnreferenceableImageException if a DICOM file lacks UIDs
     */
    public SourceImage source(Radiograph radiograph, int frame) {
        DataSet dataSet = radiograph.dataSet();
        return new SourceImage(dataSet == null ? captured(radiograph) : dataSet, frame);
    }

    /** A PNG or JPEG as a DICOM file, the one that documents about it refer to. */
    public byte[] capture(Radiograph radiograph) {
        return DicomWriter.write(captured(radiograph));
    }

    private DataSet captured(Radiograph radiograph) {
        return CapturedImage.of(
                radiograph.sha256(),
                radiograph.width(),
                radiograph.height(),
                radiograph.samples(),
                radiograph.maximum(),
                clock.instant());
    }

    /**
     * The SOP Instance UID of an object: the same for the same image, model, options and kind, whenever and wherever it is made.
     *
     * @param identity {@link SourceImage#identity} of the image
     */
    public String uid(ModelManifest model, ResultKind kind, String identity, ResultOptions options) {
        LocalizationRequest request = options.request();
        return DerivedUid.of(
                kind.code(),
                identity,
                model.sha256(),
                model.method(request.method()).name(),
                request.policy() == null
                        ? ""
                        : BoxPolicyReader.json(request.policy()).toString(),
                request.labels().stream().sorted().toList().toString(),
                String.valueOf(request.minimumProbability()),
                String.valueOf(options.onlyPositive()),
                String.valueOf(options.mostFindings()));
    }

    /**
     * Writes a DICOM file.
     *
     * @throws org.cxrlocalizer.dicom.documents.UnreferenceableImageException if the image has colours and a presentation
     *     state is wanted
     */
    public byte[] write(
            Classifier classifier,
            ResultKind kind,
            SourceImage source,
            Radiograph radiograph,
            Localization localization,
            ResultOptions options) {
        ModelManifest model = classifier.manifest();
        List<Finding> shown = localization.findings().stream()
                .filter(finding -> isShown(finding, options))
                .limit(options.mostFindings())
                .toList();
        Header header = new Header(
                source,
                uid(model, kind, source.identity(), options),
                DerivedUid.of("series", kind.code(), source.studyUid(), model.sha256()),
                kind.seriesNumber(),
                "%s (%s). Research use only".formatted(kind.title(), MANUFACTURER),
                device(model, source),
                clock.instant());
        List<ReportedFinding> findings = reported(localization, shown, source);
        List<String> warnings = legible(source, radiograph.warnings());
        DataSet document =
                switch (kind) {
                    case STRUCTURED_REPORT ->
                        MeasurementReport.of(
                                header, findings, legible(source, parameters(classifier, localization)), warnings);
                    case PRESENTATION_STATE -> PresentationState.of(header, findings, REMARK);
                    case SECONDARY_CAPTURE ->
                        SecondaryCapture.of(
                                header,
                                ResultPicture.draw(radiograph, localization.frame(), shown, "research use only"),
                                "Class activation map and boxes of %s. %s".formatted(model.name(), REMARK),
                                warnings);
                };
        return DicomWriter.write(document);
    }

    private static boolean isShown(Finding finding, ResultOptions options) {
        return !finding.boxes().isEmpty() && !(options.onlyPositive() && Boolean.FALSE.equals(finding.positive()));
    }

    /** Every finding, and the boxes of those that are shown. */
    private static List<ReportedFinding> reported(Localization localization, List<Finding> shown, SourceImage source) {
        return localization.findings().stream()
                .map(finding -> new ReportedFinding(
                        source.legible(finding.label()),
                        FindingCodes.of(source.legible(finding.label())),
                        finding.probability(),
                        shown.contains(finding)
                                ? finding.boxes().stream()
                                        .map(box -> new ReportedFinding.Region(box.box(), box.score()))
                                        .toList()
                                : List.of()))
                .toList();
    }

    private static List<String> legible(SourceImage source, List<String> texts) {
        return texts.stream().map(source::legible).toList();
    }

    private static List<String> parameters(Classifier classifier, Localization localization) {
        return List.of(
                "class activation method: " + localization.method(),
                "box policy: " + BoxPolicyReader.describe(localization.policy()),
                "model file SHA-256: " + classifier.variantSha256(),
                REMARK);
    }
}
