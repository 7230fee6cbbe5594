// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.cxrlocalizer.jobs.JobState;
import org.cxrlocalizer.pacs.jobs.PacsJob;
import org.jspecify.annotations.Nullable;

/** A study to be localized, and how far that is. */
@Schema(name = "PacsJob")
public record PacsJobAnswer(
        UUID id,
        String node,
        String studyUid,

        @Schema(
                description = "The model that the request named; null for that of the PACS's configuration.",
                types = {"string", "null"})
        @Nullable
        String model,

        @Schema(description = "The last three are final.") JobState state,

        @Schema(description = "Images of the study that may be frontal chest radiographs; 0 until they are counted.")
        int imagesTotal,

        @Schema(description = "Of these, those that need nothing more.")
        int imagesDone,

        @Schema(description = "Of these, those that are refused; `refused` has the reasons.")
        int imagesRefused,

        @Schema(
                description = "The first 1000 of the refused images, in the order of the study, and while an attempt"
                        + " follows those for which the last one failed; null in lists of jobs, and in events before the"
                        + " last.",
                types = {"array", "null"})
        @Nullable
        List<RefusedImageAnswer> refused,

        @Schema(description = "Results that this job has sent to the PACS; those that it had already do not count.")
        int objectsStored,

        @Schema(description = "Number of attempts.") int attempts,

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

    /** An image that was refused. */
    @Schema(name = "RefusedImage")
    record RefusedImageAnswer(
            @Schema(description = "As the PACS lists it, its first 64 characters; empty if the PACS does not state it.")
            String sopInstanceUid,

            @Schema(
                    description = "Stable: the file states something else (`modality`, `body-part`, `view`,"
                            + " `for-processing` and the like), or does not state a chest (`chest-not-stated`) or a frontal"
                            + " view (`frontal-not-stated`); `blank-image`, `not-a-radiograph`, `unreadable-image`,"
                            + " `image-too-large`, `unsupported-transfer-syntax`, `unreferenceable-image`; the PACS listed"
                            + " no valid UID (`invalid-uid`), sent another image (`uid-mismatch`), did not give it"
                            + " (`not-retrieved`), or failed each time (`pacs-failed`); the service failed each time"
                            + " (`failed`).",
                    example = "view")
            String reason,

            @Schema(description = "The reason in words.") String detail) {}

    static PacsJobAnswer listed(PacsJob job) {
        return of(job, null);
    }

    /** Returns the answer of one job, with the images that it refused. */
    public static PacsJobAnswer of(PacsJob job) {
        return of(
                job,
                job.refused().stream()
                        .map(image -> new RefusedImageAnswer(image.sopInstanceUid(), image.reason(), image.detail()))
                        .toList());
    }

    private static PacsJobAnswer of(PacsJob job, @Nullable List<RefusedImageAnswer> refused) {
        return new PacsJobAnswer(
                job.id(),
                job.node(),
                job.studyUid(),
                job.model(),
                job.state(),
                job.imagesTotal(),
                job.imagesDone(),
                job.imagesRefused(),
                refused,
                job.objectsStored(),
                job.attempts(),
                job.failure(),
                job.created(),
                job.finished());
    }
}
