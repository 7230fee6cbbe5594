package org.cxrlocalizer.pacs.jobs;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A study to be localized, and how far that is.
 *
 * @param imagesTotal images that may be frontal chest radiographs; 0 until they are counted
 * @param imagesDone of these, those that need nothing more, for whatever reason
 * @param imagesRefused of these, those that turned out to be no frontal chest radiograph, or cannot be read
 * @param objectsStored results that this job has sent
 * @param attempts how often it was begun
 * @param failure the reason in words: of a failed one, or why the last attempt of an open one ended
 */
public record PacsJob(
        UUID id,
        String node,
        String studyUid,
        State state,
        int imagesTotal,
        int imagesDone,
        int imagesRefused,
        int objectsStored,
        int attempts,
        @Nullable String failure,
        Instant created,
        @Nullable Instant finished) {

    /** Where it is; the last three are final. */
    public enum State {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED
    }
}
