package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.cxrlocalizer.pacs.jobs.PacsJob;
import org.jspecify.annotations.Nullable;

/** A study to be localized, and how far that is. */
@Schema(name = "PacsJob")
record PacsJobAnswer(
        UUID id,
        String node,
        String studyUid,

        @Schema(description = "The last three are final.") PacsJob.State state,

        @Schema(description = "Images of the study that may be frontal chest radiographs; 0 until they are counted.")
        int imagesTotal,

        @Schema(description = "Of these, those that need nothing more.")
        int imagesDone,

        @Schema(description = "Of these, those that turned out to be no frontal chest radiograph, or cannot be read.")
        int imagesRefused,

        @Schema(description = "Results that this job has sent to the PACS; those that it had already do not count.")
        int objectsStored,

        @Schema(description = "How often it was begun.") int attempts,

        @Schema(
                description = "Why it failed, or why its last attempt ended, in words.",
                types = {"string", "null"})
        @Nullable
        String failure,

        Instant created,

        @Schema(
                types = {"string", "null"},
                format = "date-time")
        @Nullable
        Instant finished) {

    static PacsJobAnswer of(PacsJob job) {
        return new PacsJobAnswer(
                job.id(),
                job.node(),
                job.studyUid(),
                job.state(),
                job.imagesTotal(),
                job.imagesDone(),
                job.imagesRefused(),
                job.objectsStored(),
                job.attempts(),
                job.failure(),
                job.created(),
                job.finished());
    }
}
