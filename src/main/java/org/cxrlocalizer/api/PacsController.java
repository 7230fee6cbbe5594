// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.cxrlocalizer.api.events.JobSnapshot;
import org.cxrlocalizer.api.events.JobStreams;
import org.cxrlocalizer.dicom.Uid;
import org.cxrlocalizer.jobs.JobCursor;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.pacs.jobs.PacsJob;
import org.cxrlocalizer.pacs.jobs.PacsJobs;
import org.cxrlocalizer.security.Audit;
import org.cxrlocalizer.serving.ServedModels;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@Tag(name = "pacs", description = "Studies of a PACS, localized in the background; the results go back to it.")
class PacsController {

    /** What Spring Security's firewall lets pass in a path, of what a name may be. */
    private static final String PATH_PART = "^[A-Za-z0-9_-][A-Za-z0-9._-]*$";

    private final PacsJobs jobs;
    private final ServedModels models;
    private final JobStreams streams;
    private final Audit audit;

    PacsController(PacsJobs jobs, ServedModels models, JobStreams streams, Audit audit) {
        this.jobs = jobs;
        this.models = models;
        this.streams = streams;
        this.audit = audit;
    }

    @PostMapping(path = "/v1/pacs/{node}/studies/{studyUid}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "localizeStudy",
            summary = "Localizes a study of a PACS",
            description =
                    "In the background: lists the study, fetches its frontal chest radiographs, localizes them, and"
                            + " stores results beside them: those of the kinds that the configuration names and that the study"
                            + " does not have yet. So a request may be repeated any number of times. A job that is open for the"
                            + " study and model is the answer itself. It survives restarts of the service and of the PACS.")
    @AnswerDocs.Accepted
    @Problems({ProblemType.UNKNOWN_PACS_NODE, ProblemType.UNKNOWN_MODEL})
    ResponseEntity<PacsJobAnswer> localize(
            @Parameter(
                            description = "Name of a PACS in the service's configuration.",
                            schema = @Schema(pattern = PATH_PART))
                    @PathVariable
                    String node,
            @Parameter(
                            description = "Study Instance UID.",
                            schema = @Schema(pattern = "^" + Uid.PATTERN + "$", maxLength = Uid.LONGEST))
                    @PathVariable
                    String studyUid,
            @Parameter(
                            description =
                                    "Name of a served model; that of the PACS's configuration where none is given.",
                            schema = @Schema(minLength = 1))
                    @RequestParam(required = false)
                    @Nullable
                    String model) {
        if (!Uid.isValid(studyUid)) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'studyUid' must be a UID.");
        }
        audit.named(studyUid);
        models.requireServed(model);
        PacsJob job = jobs.submit(node, studyUid, model);
        audit.answer(job.id().toString());
        return ResponseEntity.accepted()
                .location(URI.create("/v1/pacs/jobs/" + job.id()))
                .body(PacsJobAnswer.of(job));
    }

    @GetMapping(path = "/v1/pacs/jobs", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listPacsJobs",
            summary = "The jobs, page by page",
            description = "Of all states, or of one. `next` of a page is the `cursor` of the one after it.")
    @ApiResponse(responseCode = "200", description = "The jobs, the newest first.")
    @Problems({})
    PacsJobList list(
            @Parameter(description = "Of jobs that are listed; all by default.")
                    @RequestParam(required = false)
                    @Nullable
                    JobState state,
            @Valid @ParameterObject JobPage page) {
        List<PacsJob> found = jobs.list(state, page.queried(), page.after());
        return new PacsJobList(
                page.listed(found).stream().map(PacsJobAnswer::listed).toList(),
                page.next(found, job -> new JobCursor(job.created(), job.id())));
    }

    @GetMapping(path = "/v1/pacs/jobs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getPacsJob",
            summary = "How far a job is",
            description = "Its state, what it has done, and which images it refused and why.")
    @ApiResponse(responseCode = "200", description = "The job.")
    @Problems(ProblemType.UNKNOWN_PACS_JOB)
    PacsJobAnswer get(@PathVariable UUID id) {
        return PacsJobAnswer.of(require(id));
    }

    @GetMapping(path = "/v1/pacs/jobs/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "streamPacsJob",
            summary = "The progress of a job, as it happens",
            description = AnswerDocs.Events.STATES
                    + "`GET /v1/pacs/jobs/{id}` answers; `refused` is in the last one alone." + AnswerDocs.Events.ENDS)
    @AnswerDocs.Events
    @Problems(ProblemType.UNKNOWN_PACS_JOB)
    ResponseEntity<SseEmitter> events(@PathVariable UUID id, HttpMethod method) {
        require(id);
        return streams.open(method, () -> jobs.find(id)
                .map(job -> job.state().isFinal()
                        ? new JobSnapshot(PacsJobAnswer.of(job), true)
                        : new JobSnapshot(PacsJobAnswer.listed(job), false)));
    }

    @PostMapping(path = "/v1/pacs/jobs/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "cancelPacsJob",
            summary = "Cancels a job",
            description = "It ends before its next image; what it has stored stays.")
    @ApiResponse(responseCode = "200", description = "The job, cancelled.")
    @Problems({ProblemType.UNKNOWN_PACS_JOB, ProblemType.PACS_JOB_ENDED})
    PacsJobAnswer cancel(@PathVariable UUID id) {
        require(id);
        if (!jobs.cancel(id)) {
            throw new ProblemException(
                    ProblemType.PACS_JOB_ENDED,
                    "The job has already ended, in the state %s."
                            .formatted(require(id).state()));
        }
        return PacsJobAnswer.of(require(id));
    }

    @PostMapping(path = "/v1/pacs/jobs/{id}/retry", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "retryPacsJob",
            summary = "Starts a failed or cancelled job again",
            description = "Unless another job is open for its study.")
    @ApiResponse(responseCode = "200", description = "The job, queued.")
    @Problems({ProblemType.UNKNOWN_PACS_JOB, ProblemType.PACS_JOB_CANNOT_BE_RETRIED})
    PacsJobAnswer retry(@PathVariable UUID id) {
        PacsJob job = require(id);
        if (!jobs.retry(id)) {
            throw new ProblemException(
                    ProblemType.PACS_JOB_CANNOT_BE_RETRIED,
                    "The job is in the state %s, or another job is open for its study.".formatted(job.state()));
        }
        return PacsJobAnswer.of(require(id));
    }

    @DeleteMapping("/v1/pacs/jobs/{id}")
    @Operation(
            operationId = "deletePacsJob",
            summary = "Deletes a job that has ended",
            description = "What it stored in the PACS stays.")
    @AnswerDocs.Deleted
    @Problems({ProblemType.UNKNOWN_PACS_JOB, ProblemType.PACS_JOB_NOT_ENDED})
    ResponseEntity<Void> delete(@PathVariable UUID id) {
        require(id);
        if (!jobs.delete(id)) {
            throw new ProblemException(ProblemType.PACS_JOB_NOT_ENDED, "Cancel it first.");
        }
        return ResponseEntity.noContent().build();
    }

    private PacsJob require(UUID id) {
        return jobs.find(id)
                .orElseThrow(
                        () -> new ProblemException(ProblemType.UNKNOWN_PACS_JOB, "There is no job %s.".formatted(id)));
    }

    @Schema(name = "PacsJobList")
    record PacsJobList(
            List<PacsJobAnswer> jobs,

            @Schema(
                    description = "The cursor of the next page; null on the last.",
                    types = {"string", "null"})
            @Nullable
            String next) {}
}
