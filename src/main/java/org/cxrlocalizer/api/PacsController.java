package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.cxrlocalizer.dicom.Uid;
import org.cxrlocalizer.pacs.jobs.PacsJob;
import org.cxrlocalizer.pacs.jobs.PacsJobs;
import org.cxrlocalizer.security.Audit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "pacs", description = "Studies of a PACS, localized in the background; the results go back to it.")
class PacsController {

    private static final int LISTED = 100;

    private final PacsJobs jobs;
    private final Audit audit;

    PacsController(PacsJobs jobs, Audit audit) {
        this.jobs = jobs;
        this.audit = audit;
    }

    @PostMapping(path = "/v1/pacs/{node}/studies/{studyUid}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "localizeStudy",
            summary = "Localizes a study of a PACS",
            description =
                    "In the background: lists the study, fetches its frontal chest radiographs, localizes them, and"
                            + " stores results beside them: those of the kinds that the configuration names and that the study"
                            + " does not have yet. So it may be asked any number of times. A job that is open for the study is the"
                            + " answer itself. It survives restarts of the service and of the PACS.")
    @ApiResponse(
            responseCode = "202",
            description = "It is taken.",
            headers = @Header(name = "Location", description = "Its path.", schema = @Schema(type = "string")))
    @Problems({ProblemType.INVALID_PARAMETER, ProblemType.UNKNOWN_PACS_NODE})
    ResponseEntity<PacsJobAnswer> localize(
            @Parameter(description = "Name of a PACS in the service's configuration.") @PathVariable String node,
            @Parameter(description = "Study Instance UID.") @PathVariable String studyUid) {
        if (!Uid.isValid(studyUid)) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'studyUid' must be a UID.");
        }
        audit.named(studyUid);
        PacsJob job = jobs.submit(node, studyUid);
        audit.answer(job.id().toString());
        return ResponseEntity.accepted()
                .location(URI.create("/v1/pacs/jobs/" + job.id()))
                .body(PacsJobAnswer.of(job));
    }

    @GetMapping(path = "/v1/pacs/jobs", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "listPacsJobs", summary = "The newest 100 jobs", description = "Of all states, or of one.")
    @ApiResponse(responseCode = "200", description = "The jobs, the newest first.")
    @Problems({ProblemType.INVALID_PARAMETER})
    PacsJobList list(@RequestParam(required = false) PacsJob.@Nullable State state) {
        return new PacsJobList(
                jobs.list(state, LISTED).stream().map(PacsJobAnswer::listed).toList());
    }

    @GetMapping(path = "/v1/pacs/jobs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getPacsJob",
            summary = "How far a job is",
            description = "Its state, what it has done, and which images it refused and why.")
    @ApiResponse(responseCode = "200", description = "The job.")
    @Problems({ProblemType.UNKNOWN_PACS_JOB, ProblemType.INVALID_PARAMETER})
    PacsJobAnswer get(@PathVariable UUID id) {
        return PacsJobAnswer.of(require(id));
    }

    @PostMapping(path = "/v1/pacs/jobs/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "cancelPacsJob",
            summary = "Cancels a job",
            description = "It ends before its next image; what it has stored stays.")
    @ApiResponse(responseCode = "200", description = "The job, cancelled.")
    @Problems({ProblemType.UNKNOWN_PACS_JOB, ProblemType.INVALID_PARAMETER, ProblemType.PACS_JOB_ENDED})
    PacsJobAnswer cancel(@PathVariable UUID id) {
        require(id);
        if (!jobs.cancel(id)) {
            throw new ProblemException(
                    ProblemType.PACS_JOB_ENDED,
                    "It is %s already.".formatted(require(id).state()));
        }
        return PacsJobAnswer.of(require(id));
    }

    @PostMapping(path = "/v1/pacs/jobs/{id}/retry", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "retryPacsJob",
            summary = "Starts a failed or cancelled job again",
            description = "Unless another job is open for its study.")
    @ApiResponse(responseCode = "200", description = "The job, queued.")
    @Problems({ProblemType.UNKNOWN_PACS_JOB, ProblemType.INVALID_PARAMETER, ProblemType.PACS_JOB_CANNOT_BE_RETRIED})
    PacsJobAnswer retry(@PathVariable UUID id) {
        PacsJob job = require(id);
        if (!jobs.retry(id)) {
            throw new ProblemException(
                    ProblemType.PACS_JOB_CANNOT_BE_RETRIED,
                    "It is %s, or another job is open for its study.".formatted(job.state()));
        }
        return PacsJobAnswer.of(require(id));
    }

    private PacsJob require(UUID id) {
        return jobs.find(id)
                .orElseThrow(
                        () -> new ProblemException(ProblemType.UNKNOWN_PACS_JOB, "There is no job %s.".formatted(id)));
    }

    @Schema(name = "PacsJobList")
    record PacsJobList(List<PacsJobAnswer> jobs) {}
}
