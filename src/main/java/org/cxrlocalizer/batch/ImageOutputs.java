// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.batch;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.api.LocalizationAnswer;
import org.cxrlocalizer.comparison.GroundTruthComparer;
import org.cxrlocalizer.dicom.documents.SourceImage;
import org.cxrlocalizer.drawing.OverlayPng;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.localization.Finding;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.ScoredBox;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.results.ResultKind;
import org.cxrlocalizer.results.ResultObjects;
import org.cxrlocalizer.results.ResultOptions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Makes the outputs of one image. */
record ImageOutputs(Classifier classifier, ResultObjects results, JsonMapper json, ResultOptions options, int frame) {

    /** File name ending of the DICOM image of a PNG or JPEG, to which its DICOM objects refer. */
    static final String CAPTURE_ENDING = ".image.dcm";

    private static final String[] COLUMNS = {
        "label",
        "probability",
        "calibrated_probability",
        "cutoff",
        "positive",
        "x",
        "y",
        "width",
        "height",
        "score",
        "no_box_reason"
    };

    /**
     * Returns the outputs by their endings. An image in colours has no presentation state.
     *
     * @throws org.cxrlocalizer.dicom.documents.UnreferenceableImageException if a DICOM object is wanted of a DICOM file
     *     without UIDs
     */
    Map<String, byte[]> of(Radiograph radiograph, Localization localization, Set<OutputKind> kinds) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (OutputKind kind : OutputKind.values()) {
            if (kinds.contains(kind)) {
                byte[] content = content(kind, radiograph, localization);
                if (content != null) {
                    files.put(kind.ending(), content);
                }
            }
        }
        if (!radiograph.isDicom() && kinds.stream().anyMatch(kind -> kind.result() != null)) {
            files.put(CAPTURE_ENDING, results.capture(radiograph));
        }
        return files;
    }

    private byte @Nullable [] content(OutputKind kind, Radiograph radiograph, Localization localization) {
        return switch (kind) {
            case JSON -> json(radiograph, localization);
            case CSV -> csv(localization);
            case OVERLAY -> OverlayPng.encode(results.picture(radiograph, localization, options));
            case SR -> dicom(ResultKind.STRUCTURED_REPORT, radiograph, localization);
            case PR -> dicom(ResultKind.PRESENTATION_STATE, radiograph, localization);
            case SC -> dicom(ResultKind.SECONDARY_CAPTURE, radiograph, localization);
        };
    }

    private byte[] json(Radiograph radiograph, Localization localization) {
        return json.writeValueAsBytes(LocalizationAnswer.of(
                radiograph,
                classifier.manifest(),
                localization,
                GroundTruthComparer.compare(localization, null),
                null,
                false));
    }

    private byte @Nullable [] dicom(ResultKind kind, Radiograph radiograph, Localization localization) {
        SourceImage source = results.source(radiograph, frame);
        return kind == ResultKind.PRESENTATION_STATE && !source.isGrey()
                ? null
                : results.write(classifier, kind, source, radiograph, localization, options);
    }

    private static byte[] csv(Localization localization) {
        StringWriter text = new StringWriter();
        CsvWriter csv = CsvWriter.builder().bufferSize(0).build(text);
        csv.writeRecord(COLUMNS);
        for (Finding finding : localization.findings()) {
            if (finding.boxes().isEmpty()) {
                csv.writeRecord(row(finding, null));
            }
            finding.boxes().forEach(box -> csv.writeRecord(row(finding, box)));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> row(Finding finding, @Nullable ScoredBox scored) {
        return List.of(
                finding.label(),
                String.valueOf(finding.probability()),
                text(finding.calibratedProbability()),
                text(finding.cutoff()),
                text(finding.positive()),
                scored == null ? "" : String.valueOf(scored.box().x()),
                scored == null ? "" : String.valueOf(scored.box().y()),
                scored == null ? "" : String.valueOf(scored.box().width()),
                scored == null ? "" : String.valueOf(scored.box().height()),
                scored == null ? "" : String.valueOf(scored.score()),
                text(finding.noBoxReason()));
    }

    static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
