// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import org.cxrlocalizer.api.web.ImageUpload;
import org.cxrlocalizer.api.web.UploadReader;
import org.cxrlocalizer.dicom.documents.PictureFormat;
import org.cxrlocalizer.dicom.documents.SourceImage;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.ReadOptions;
import org.cxrlocalizer.results.ResultKind;
import org.cxrlocalizer.results.ResultObjects;
import org.cxrlocalizer.results.ResultOptions;
import org.cxrlocalizer.serving.ServedModels;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

@ImageController
@Tag(name = "results", description = "What a model sees on a chest X-ray, as DICOM objects for a PACS.")
class ResultController {

    private static final String ABOUT =
            " A DICOM file's patient, study and identifiers are taken over. A PNG or JPEG has"
                    + " none: the objects then refer to the secondary capture of it that `/v1/secondary-captures` gives with"
                    + " `overlay=false`. The same image, model and parameters give an object with the same SOP Instance UID.";

    private final UploadReader reader;
    private final ResultObjects results;
    private final ServedModels models;

    ResultController(UploadReader reader, ResultObjects results, ServedModels models) {
        this.reader = reader;
        this.results = results;
        this.models = models;
    }

    @PostMapping(path = "/v1/structured-reports", produces = ImageUpload.DICOM)
    @Operation(
            operationId = "writeStructuredReport",
            summary = "Write findings as a DICOM structured report",
            description =
                    "Answers with a Comprehensive SR by template TID 1500: a measurement group with a region for each box, and a"
                            + " qualitative evaluation for each finding without boxes, all with their probabilities."
                            + ABOUT)
    @DicomAnswer
    @ImageOperation
    ResponseEntity<byte[]> structuredReport(
            @Parameter(hidden = true) ImageUpload upload,
            @ParameterObject ResultParameters parameters,
            @ParameterObject ReadParameters read,
            @Parameter(
                            description =
                                    "Whether each region refers to the picture that `/v1/secondary-captures` gives with the"
                                            + " same image and parameters: for reports that are stored with that picture.")
                    @RequestParam(defaultValue = "false")
                    boolean pictureReferenced) {
        return answer(
                ResultKind.STRUCTURED_REPORT,
                upload,
                parameters.toOptions().withPictureReferenced(pictureReferenced),
                parameters.model(),
                read);
    }

    @PostMapping(path = "/v1/presentation-states", produces = ImageUpload.DICOM)
    @Operation(
            operationId = "writePresentationState",
            summary = "Write boxes as a DICOM presentation state",
            description =
                    "Answers with a Grayscale Softcopy Presentation State: viewers draw the boxes and their labels over"
                            + " the image, whose pixels stay as they are." + ABOUT)
    @DicomAnswer
    @ImageOperation
    ResponseEntity<byte[]> presentationState(
            @Parameter(hidden = true) ImageUpload upload,
            @ParameterObject ResultParameters parameters,
            @ParameterObject ReadParameters read) {
        return answer(ResultKind.PRESENTATION_STATE, upload, parameters.toOptions(), parameters.model(), read);
    }

    @PostMapping(path = "/v1/secondary-captures", produces = ImageUpload.DICOM)
    @Operation(
            operationId = "writeSecondaryCapture",
            summary = "Write a picture of the findings as a DICOM secondary capture",
            description =
                    "Answers with a picture of the original size, the heat map of the most probable finding and the boxes"
                            + " burned in." + ABOUT)
    @DicomAnswer
    @ImageOperation
    ResponseEntity<byte[]> secondaryCapture(
            @Parameter(hidden = true) ImageUpload upload,
            @ParameterObject ResultParameters parameters,
            @ParameterObject ReadParameters read,
            @Parameter(
                            description =
                                    "Whether findings are drawn; without them, a PNG or JPEG becomes a plain DICOM image.")
                    @RequestParam(defaultValue = "true")
                    boolean overlay,
            @Parameter(
                            description =
                                    "How the pixels are written: explicit little endian, RLE lossless, or JPEG baseline with loss."
                                            + " JPEG gives an object of its own, with another SOP Instance UID.",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"uncompressed", "rle", "jpeg"},
                                            defaultValue = "uncompressed"))
                    @RequestParam(defaultValue = "uncompressed")
                    String pixels) {
        PictureFormat format = Arrays.stream(PictureFormat.values())
                .filter(each -> each.code().equals(pixels))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.INVALID_PARAMETER, "'pixels' must be 'uncompressed', 'rle' or 'jpeg'."));
        ResultOptions resultOptions = parameters.toOptions().withFormat(format);
        if (overlay) {
            return answer(ResultKind.SECONDARY_CAPTURE, upload, resultOptions, parameters.model(), read);
        }
        if (format != PictureFormat.UNCOMPRESSED) {
            throw new ProblemException(
                    ProblemType.INVALID_PARAMETER, "'pixels' must be 'uncompressed' where nothing is drawn.");
        }
        ReadOptions options = read.toOptions(upload);
        return models.admit(parameters.model(), model -> {
            Radiograph radiograph = reader.read(upload, options, model.manifest());
            model.localizer().requireAnswerable(resultOptions.request());
            if (radiograph.isDicom()) {
                throw new ProblemException(
                        ProblemType.INVALID_PARAMETER, "'overlay' must be true for what is a DICOM file already.");
            }
            upload.takeForDrawing(radiograph);
            return answer("image", results.capture(radiograph));
        });
    }

    private ResponseEntity<byte[]> answer(
            ResultKind kind,
            ImageUpload upload,
            ResultOptions options,
            @Nullable String modelName,
            ReadParameters read) {
        ReadOptions readOptions = read.toOptions(upload);
        return models.admit(modelName, model -> {
            Radiograph radiograph = reader.read(upload, readOptions, model.manifest());
            if (kind == ResultKind.SECONDARY_CAPTURE) {
                upload.takeForDrawing(radiograph);
            }
            SourceImage source = results.source(radiograph, readOptions.frame());
            return answer(
                    kind.code(),
                    results.write(
                            model.classifier(),
                            kind,
                            source,
                            radiograph,
                            model.localizer().localize(radiograph, options.request()),
                            options));
        });
    }

    private static ResponseEntity<byte[]> answer(String name, byte[] file) {
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf(ImageUpload.DICOM))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(name + ".dcm")
                                .build()
                                .toString())
                .body(file);
    }

    /** The answer of all of these, and the problem that only they have. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Problems(ProblemType.UNREFERENCEABLE_IMAGE)
    @ApiResponse(
            responseCode = "200",
            description = "A DICOM file.",
            content = @Content(mediaType = ImageUpload.DICOM, schema = @Schema(type = "string", format = "binary")))
    @interface DicomAnswer {}
}
