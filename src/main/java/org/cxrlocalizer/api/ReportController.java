// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.cxrlocalizer.reports.LabelPolicy;
import org.cxrlocalizer.reports.documents.ReportReader;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "reports", description = "Findings and labels from the text of a radiology report.")
class ReportController {

    private static final String HL7 = "application/hl7-v2";
    private static final String HL7_ER7 = "x-application/hl7-v2+er7";
    private static final String FHIR = "application/fhir+json";
    private static final String DICOM = "application/dicom";

    private final ReportReader reader;

    ReportController(ReportReader reader) {
        this.reader = reader;
    }

    @PostMapping(
            path = "/v1/reports",
            consumes = {MediaType.TEXT_PLAIN_VALUE, MediaType.APPLICATION_JSON_VALUE, HL7, HL7_ER7, FHIR, DICOM},
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "readReport",
            summary = "Findings and labels of a report",
            description =
                    "Reads plain text, `{\"text\":…}`, the OBX segments of an HL7 v2 message, a FHIR DiagnosticReport"
                            + " (or a Bundle with one) or a DICOM structured report. No model is used, and nothing of the report is"
                            + " kept. Mentions in the indication and the comparison decide on no label.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.TEXT_PLAIN_VALUE,
                                        schema = @Schema(type = "string", pattern = "\\S")),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = ReportBody.class)),
                                @Content(mediaType = HL7, schema = @Schema(type = "string")),
                                @Content(mediaType = HL7_ER7, schema = @Schema(type = "string")),
                                @Content(mediaType = FHIR, schema = @Schema(type = "object")),
                                @Content(mediaType = DICOM, schema = @Schema(type = "string", format = "binary"))
                            }))
    @ApiResponse(responseCode = "200", description = "The mentions in the order of the text, and the labels.")
    @Problems({ProblemType.REPORT_TOO_LARGE, ProblemType.UNREADABLE_REPORT, ProblemType.UNSUPPORTED_MEDIA_TYPE})
    ReportAnswer read(
            @Parameter(
                            description = "Which labels are positive: `certain`, those that are present;"
                                    + " `uncertain-too`, those that are uncertain as well.",
                            schema =
                                    @Schema(
                                            allowableValues = {"certain", "uncertain-too"},
                                            defaultValue = "certain"))
                    @RequestParam(defaultValue = "certain")
                    String positives,
            @Parameter(hidden = true) HttpServletRequest request)
            throws IOException {
        LabelPolicy policy = LabelPolicy.named(positives)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.INVALID_PARAMETER, "'positives' must be 'certain' or 'uncertain-too'."));
        ReportMediaType type = ReportMediaType.of(request.getContentType());
        return ReportAnswer.of(reader.read(request.getInputStream(), type.form(), type.charset()), policy);
    }

    @Schema(name = "ReportRequest")
    record ReportBody(
            @Schema(
                    description = "The report, its sections under headings.",
                    pattern = "\\S",
                    requiredMode = Schema.RequiredMode.REQUIRED)
            String text) {}
}
