// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.results;

import java.awt.image.BufferedImage;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DerivedUid;
import org.cxrlocalizer.dicom.DicomWriter;
import org.cxrlocalizer.dicom.documents.CapturedImage;
import org.cxrlocalizer.dicom.documents.Device;
import org.cxrlocalizer.dicom.documents.DocumentTime;
import org.cxrlocalizer.dicom.documents.Header;
import org.cxrlocalizer.dicom.documents.MeasurementReport;
import org.cxrlocalizer.dicom.documents.PictureFormat;
import org.cxrlocalizer.dicom.documents.PictureReference;
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
import org.cxrlocalizer.model.DecisionRule;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.OperatingPoint;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.version.ProgramVersion;
import org.springframework.stereotype.Component;

/** Makes DICOM objects of what was found on an image. */
@Component
public class ResultObjects {

    /** The maker that all our objects state. */
    public static final String MANUFACTURER = "cxr-localizer";

    private static final String REMARK = "Research use only, not a medical device";
    private static final String NONE_POSITIVE = "No finding reaches its cut-off.";

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
                model.packageSha256(),
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
     * @throws org.cxrlocalizer.model.UnknownOperatingPointException if the model lacks the operating point
     */
    public String uid(ModelManifest model, ResultKind kind, String identity, ResultOptions options) {
        LocalizationRequest request = options.request();
        OperatingPoint point = DecisionRule.of(model, request.operatingPoint()).operatingPoint();
        return DerivedUid.of(
                kind.derivation() + pictureDerivation(kind, options) + (point == null ? "" : ", " + point.code()),
                identity,
                model.packageSha256(),
                model.method(request.method()).name(),
                request.policy() == null
                        ? ""
                        : BoxPolicyReader.json(request.policy()).toString(),
                request.labels().stream().sorted().toList().toString(),
                String.valueOf(request.minimumProbability()),
                String.valueOf(options.onlyPositive()),
                String.valueOf(options.mostFindings()));
    }

    /** Pixels with loss are another object, and so is a report that refers to it; run lengths are the same pixels. */
    private static String pictureDerivation(ResultKind kind, ResultOptions options) {
        String format = options.format() == PictureFormat.JPEG ? ", " + PictureFormat.JPEG.code() : "";
        return switch (kind) {
            case STRUCTURED_REPORT -> options.pictureReferenced() ? ", picture" + format : "";
            case PRESENTATION_STATE -> "";
            case SECONDARY_CAPTURE -> format;
        };
    }

    /** Writes a DICOM file; the time of images that state none is the present one. */
    public byte[] write(
            Classifier classifier,
            ResultKind kind,
            SourceImage source,
            Radiograph radiograph,
            Localization localization,
            ResultOptions options) {
        return write(classifier, kind, source, radiograph, localization, options, clock.instant());
    }

    /**
     * Writes a DICOM file: the same bytes for the same image, model, options and kind.
     *
     * @param requested the time that the file states if the image states none
     * @throws org.cxrlocalizer.dicom.documents.UnreferenceableImageException if the image has colours and a presentation
     *     state is wanted
     */
    public byte[] write(
            Classifier classifier,
            ResultKind kind,
            SourceImage source,
            Radiograph radiograph,
            Localization localization,
            ResultOptions options,
            Instant requested) {
        ModelManifest model = classifier.manifest();
        List<Finding> shown = shown(localization, options);
        Header header = new Header(
                source,
                uid(model, kind, source.identity(), options),
                seriesUid(model, kind, source),
                kind.seriesNumber(),
                "%s (%s). Research use only".formatted(kind.title(), MANUFACTURER),
                device(model, source),
                DocumentTime.of(source, requested));
        List<ReportedFinding> findings = reported(localization, shown, source);
        List<String> warnings = legible(source, radiograph.warnings());
        List<String> comments = new ArrayList<>(warnings);
        comments.add(REMARK + ".");
        if (localization.findings().stream().allMatch(finding -> Boolean.FALSE.equals(finding.positive()))) {
            comments.add(NONE_POSITIVE);
        }
        if (localization.operatingPoint() != null) {
            comments.add("Cut-offs: operating point '%s'.".formatted(localization.operatingPoint()));
        }
        DataSet document =
                switch (kind) {
                    case STRUCTURED_REPORT ->
                        MeasurementReport.of(
                                header,
                                findings,
                                legible(source, parameters(classifier, localization)),
                                comments,
                                options.pictureReferenced() ? picture(model, source, options) : null);
                    case PRESENTATION_STATE -> PresentationState.of(header, findings, REMARK);
                    case SECONDARY_CAPTURE ->
                        SecondaryCapture.of(
                                header,
                                picture(radiograph, localization, options),
                                "Class activation map and boxes of %s. %s".formatted(model.name(), REMARK),
                                warnings,
                                options.format());
                };
        return kind == ResultKind.SECONDARY_CAPTURE
                ? DicomWriter.write(document, options.format().syntax())
                : DicomWriter.write(document);
    }

    /** Draws the picture of a secondary capture. */
    public BufferedImage picture(Radiograph radiograph, Localization localization, ResultOptions options) {
        return ResultPicture.draw(
                radiograph,
                localization.frame(),
                localization.findings(),
                shown(localization, options),
                "research use only");
    }

    private static List<Finding> shown(Localization localization, ResultOptions options) {
        return localization.findings().stream()
                .filter(finding -> isShown(finding, options))
                .limit(options.mostFindings())
                .toList();
    }

    private static String seriesUid(ModelManifest model, ResultKind kind, SourceImage source) {
        return DerivedUid.of("series", kind.code(), source.studyUid(), model.packageSha256());
    }

    private PictureReference picture(ModelManifest model, SourceImage source, ResultOptions options) {
        return new PictureReference(
                uid(model, ResultKind.SECONDARY_CAPTURE, source.identity(), options),
                seriesUid(model, ResultKind.SECONDARY_CAPTURE, source));
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
                        finding.positive(),
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

    private static String method(ModelManifest.Method method) {
        return method.isFittedOnBoxes()
                ? "%s, %s".formatted(method.name(), method.supervision().words())
                : method.name();
    }

    private static List<String> parameters(Classifier classifier, Localization localization) {
        List<String> parameters = new ArrayList<>(List.of(
                "class activation method: " + method(classifier.manifest().method(localization.method())),
                "box policy: " + BoxPolicyReader.describe(localization.policy())));
        if (localization.operatingPoint() != null) {
            parameters.add("operating point: " + localization.operatingPoint());
        }
        parameters.add("model file SHA-256: " + classifier.variantSha256());
        parameters.add(REMARK);
        return parameters;
    }
}
