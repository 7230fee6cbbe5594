// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.cxrlocalizer.jobs.JobState;
import org.jspecify.annotations.Nullable;

/**
 * A study to be localized, and how far that is.
 *
 * @param model that the request named; null for that of the node
 * @param imagesTotal images that may be frontal chest radiographs; 0 until they are counted
 * @param imagesDone of these, those that need nothing more, for whatever reason
 * @param imagesRefused of these, those that turned out to be no frontal chest radiograph, or cannot be read
 * @param refused the first 1000 of those, in the order of the study, and those that failed while an attempt follows; none in
 *     lists of jobs
 * @param objectsStored results that this job has sent
 * @param attempts number of attempts
 * @param failure the reason in words: of a failed one, or why the last attempt of an open one ended
 */
public record PacsJob(
        UUID id,
        String node,
        String studyUid,
        @Nullable String model,
        JobState state,
        int imagesTotal,
        int imagesDone,
        int imagesRefused,
        List<RefusedImage> refused,
        int objectsStored,
        int attempts,
        @Nullable String failure,
        Instant created,
        @Nullable Instant finished) {

    public PacsJob {
        refused = List.copyOf(refused);
    }

    PacsJob withRefused(List<RefusedImage> images) {
        return new PacsJob(
                id,
                node,
                studyUid,
                model,
                state,
                imagesTotal,
                imagesDone,
                imagesRefused,
                images,
                objectsStored,
                attempts,
                failure,
                created,
                finished);
    }
}
