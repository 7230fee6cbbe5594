// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.cxrlocalizer.api.events.JobSnapshot;
import org.cxrlocalizer.api.events.JobStreams;
import org.cxrlocalizer.dataset.InvalidDatasetException;
import org.cxrlocalizer.evaluation.jobs.EvaluationJob;
import org.cxrlocalizer.evaluation.jobs.EvaluationJobs;
import org.cxrlocalizer.jobs.JobCursor;
import org.cxrlocalizer.jobs.JobState;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@Tag(name = "evaluations", description = "Scoring of the model over a dataset, or of boxes that any system found.")
class EvaluationController {

    private static final String CSV = "text/csv";

    /** A report is one file without script; its pictures and styles are in it. */
    private static final String REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private final EvaluationJobs evaluations;
    private final JobStreams streams;

    EvaluationController(EvaluationJobs evaluations, JobStreams streams) {
        this.evaluations = evaluations;
        this.streams = streams;
    }

    @PostMapping(
            path = "/v1/evaluations",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "startEvaluation",
            summary = "Starts an evaluation",
            description = "As JSON: of a model over a dataset that the service's configuration names. As `text/csv`"
                    + " (or gzip of it): of boxes that any system found, in the columns of BBox_List_2017.csv and a"
                    + " score, by their names, or COCO results that name their images; the images without a box count as"
                    + " misses. It runs in the background and survives a"
                    + " restart of the service.",
            parameters = {
                @Parameter(
                        name = "seed",
                        in = ParameterIn.QUERY,
                        description =
                                "Seed of the bootstrap; 20170705 by default. A value in a JSON body has precedence.",
                        schema = @Schema(type = "integer", format = "int64")),
                @Parameter(
                        name = "draws",
                        in = ParameterIn.QUERY,
                        description = "Draws of the bootstrap; 1000 by default. A value in a JSON body has precedence.",
                        schema = @Schema(type = "integer", format = "int32", minimum = "1", maximum = "100000"))
            },
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = EvaluationBody.class)),
                                @Content(mediaType = CSV, schema = @Schema(type = "string", format = "binary")),
                                @Content(
                                        mediaType = "application/gzip",
                                        schema = @Schema(type = "string", format = "binary"))
                            }))
    @AnswerDocs.Accepted
    @Problems({
        ProblemType.INVALID_POLICY,
        ProblemType.UNKNOWN_METHOD,
        ProblemType.UNKNOWN_MODEL,
        ProblemType.UNKNOWN_DATASET,
        ProblemType.INVALID_PREDICTIONS,
        ProblemType.PREDICTIONS_TOO_LARGE,
        ProblemType.EVALUATION_TOO_LARGE,
        ProblemType.UNSUPPORTED_MEDIA_TYPE
    })
    ResponseEntity<EvaluationAnswer> start(
            @Valid @RequestBody EvaluationBody body, @Parameter(hidden = true) @Valid BootstrapParameters parameters) {
        return accepted(evaluations.submit(body.toRequest(parameters)));
    }

    @PostMapping(
            path = "/v1/evaluations",
            consumes = {CSV, "application/gzip"},
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Hidden // described above
    ResponseEntity<EvaluationAnswer> start(@Valid BootstrapParameters parameters, HttpServletRequest request)
            throws IOException {
        try {
            return accepted(evaluations.submit(request.getInputStream(), parameters.toBootstrap()));
        } catch (InvalidDatasetException e) {
            throw new ProblemException(ProblemType.INVALID_PREDICTIONS, String.valueOf(e.getMessage()));
        }
    }

    private ResponseEntity<EvaluationAnswer> accepted(EvaluationJob job) {
        return ResponseEntity.accepted()
                .location(URI.create("/v1/evaluations/" + job.id()))
                .body(answer(job));
    }

    @GetMapping(path = "/v1/evaluations", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listEvaluations",
            summary = "The evaluations, page by page",
            description =
                    "The newest first, and the datasets that can be scored. `next` of a page is the `cursor` of the"
                            + " one after it.")
    @ApiResponse(responseCode = "200", description = "The evaluations, the newest first.")
    @Problems({})
    EvaluationList list(@Valid @ParameterObject JobPage page) {
        List<EvaluationJob> found = evaluations.list(page.queried(), page.after());
        return new EvaluationList(
                evaluations.datasets(),
                page.listed(found).stream().map(this::answer).toList(),
                page.next(found, job -> new JobCursor(job.created(), job.id())));
    }

    private EvaluationAnswer answer(EvaluationJob job) {
        return EvaluationAnswer.of(job, evaluations.hasReport(job));
    }

    @GetMapping(path = "/v1/evaluations/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getEvaluation",
            summary = "How far an evaluation is",
            description = "Its state, images done and of how many, and the paths of its report.")
    @ApiResponse(responseCode = "200", description = "The evaluation.")
    @Problems(ProblemType.UNKNOWN_EVALUATION)
    EvaluationAnswer get(@PathVariable UUID id) {
        return answer(require(id));
    }

    @GetMapping(path = "/v1/evaluations/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "streamEvaluation",
            summary = "The progress of an evaluation, as it happens",
            description = AnswerDocs.Events.STATES + "`GET /v1/evaluations/{id}` answers." + AnswerDocs.Events.ENDS)
    @AnswerDocs.Events
    @Problems(ProblemType.UNKNOWN_EVALUATION)
    ResponseEntity<SseEmitter> events(@PathVariable UUID id, HttpMethod method) {
        require(id);
        return streams.open(method, () -> evaluations
                .find(id)
                .map(job -> new JobSnapshot(answer(job), job.state().isFinal())));
    }

    @PostMapping(path = "/v1/evaluations/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "cancelEvaluation",
            summary = "Cancels an evaluation",
            description = "It ends soon; what it found so far is kept until it is deleted.")
    @ApiResponse(responseCode = "200", description = "The evaluation, cancelled.")
    @Problems({ProblemType.UNKNOWN_EVALUATION, ProblemType.EVALUATION_ENDED})
    EvaluationAnswer cancel(@PathVariable UUID id) {
        EvaluationJob job = require(id);
        if (!evaluations.cancel(id)) {
            throw new ProblemException(
                    ProblemType.EVALUATION_ENDED,
                    "The evaluation has already ended, in the state %s."
                            .formatted(require(job.id()).state()));
        }
        return answer(require(id));
    }

    @DeleteMapping("/v1/evaluations/{id}")
    @Operation(
            operationId = "deleteEvaluation",
            summary = "Deletes an evaluation that has ended",
            description = "With its report.")
    @AnswerDocs.Deleted
    @Problems({ProblemType.UNKNOWN_EVALUATION, ProblemType.EVALUATION_NOT_ENDED})
    ResponseEntity<Void> delete(@PathVariable UUID id) throws IOException {
        require(id);
        if (!evaluations.delete(id)) {
            throw new ProblemException(ProblemType.EVALUATION_NOT_ENDED, "Cancel it first.");
        }
        return ResponseEntity.noContent().build();
    }

    @GetMapping(path = "/v1/evaluations/{id}/report.json", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getEvaluationReport",
            summary = "The report as JSON",
            description = "All figures with intervals, by system, label and subgroup, and the manifest that they depend"
                    + " on. Lists of boxes are not part of it. With more than 200,000 boxes, `compressed` names the files"
                    + " beside it that hold them compressed.")
    @ApiResponse(
            responseCode = "200",
            description = "The report.",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema =
                                    @Schema(
                                            type = "object",
                                            additionalProperties = Schema.AdditionalPropertiesValue.TRUE)))
    @ReportProblems
    ResponseEntity<Resource> json(@PathVariable UUID id) {
        return report(id, "report.json", MediaType.APPLICATION_JSON);
    }

    @GetMapping(path = "/v1/evaluations/{id}/report.html", produces = MediaType.TEXT_HTML_VALUE)
    @Operation(
            operationId = "getEvaluationReportPage",
            summary = "The report as one HTML file",
            description = "Tables, curves and a gallery; it needs no network.")
    @ApiResponse(
            responseCode = "200",
            description = "The report.",
            content = @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string")))
    @ReportProblems
    ResponseEntity<Resource> html(@PathVariable UUID id) {
        return report(id, "report.html", MediaType.valueOf("text/html;charset=UTF-8"));
    }

    @GetMapping(path = "/v1/evaluations/{id}/report.csv", produces = CSV)
    @Operation(
            operationId = "getEvaluationFigures",
            summary = "The report's figures as CSV",
            description = "A line for each figure and label: table, system, condition, figure, label, value, low, high,"
                    + " n.")
    @ApiResponse(
            responseCode = "200",
            description = "The figures.",
            content = @Content(mediaType = CSV, schema = @Schema(type = "string")))
    @ReportProblems
    ResponseEntity<Resource> csv(@PathVariable UUID id) {
        return report(id, "figures.csv", MediaType.valueOf("text/csv;charset=UTF-8"));
    }

    private ResponseEntity<Resource> report(UUID id, String file, MediaType type) {
        EvaluationJob job = require(id);
        if (job.state() != JobState.SUCCEEDED) {
            throw new ProblemException(
                    ProblemType.EVALUATION_WITHOUT_REPORT, "The evaluation is in the state %s.".formatted(job.state()));
        }
        Path report = evaluations.file(id, file);
        if (!Files.isReadable(report)) {
            throw new ProblemException(ProblemType.EVALUATION_REPORT_GONE, EvaluationAnswer.GONE);
        }
        return ResponseEntity.ok()
                .contentType(type)
                .header("Content-Security-Policy", REPORT_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .body(new FileSystemResource(report));
    }

    private EvaluationJob require(UUID id) {
        return evaluations
                .find(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNKNOWN_EVALUATION, "There is no evaluation %s.".formatted(id)));
    }

    /** The problems of each form of a report. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Problems({ProblemType.UNKNOWN_EVALUATION, ProblemType.EVALUATION_WITHOUT_REPORT, ProblemType.EVALUATION_REPORT_GONE
    })
    @interface ReportProblems {}

    @Schema(name = "EvaluationList")
    record EvaluationList(
            @Schema(description = "Names of the datasets that can be scored.")
            List<String> datasets,

            List<EvaluationAnswer> evaluations,

            @Schema(
                    description = "The cursor of the next page; null on the last.",
                    types = {"string", "null"})
            @Nullable
            String next) {}
}
