// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.pacs.dicomweb.PacsException;
import org.cxrlocalizer.pacs.dicomweb.StudyInstance;
import org.cxrlocalizer.pacs.jobs.PacsJobStore.Run;
import org.cxrlocalizer.radiograph.ImageMemoryFullException;
import org.jspecify.annotations.Nullable;

/** What one attempt of a job has made of a study's images so far, and what follows from it. */
final class StudyProgress {

    /** A PACS that is away for so many images on end is so for all; else an attempt lasts a time-out for each image. */
    private static final int MOST_FAILURES_ON_END = 3;

    /** A PACS may list any number of objects that are none. */
    private static final int MOST_LISTED = 1000;

    private final PacsJobStore store;
    private final Run run;
    private final int total;
    private final boolean lastAttempt;
    private final Set<String> refusals = new TreeSet<>();
    private int seen;
    private int done;
    private int refused;
    private int listed;
    private int newlyStored;
    private int failures;
    private int failuresOnEnd;
    private @Nullable RuntimeException passing;
    private @Nullable RuntimeException lasting;

    StudyProgress(PacsJobStore store, Run run, int total, boolean lastAttempt) {
        this.store = store;
        this.run = run;
        this.total = total;
        this.lastAttempt = lastAttempt;
    }

    /** Writes the progress down; false if the job has ended by a cancellation, or has another run. */
    boolean goesOn() {
        boolean open = store.progress(run, total, done, refused, newlyStored);
        newlyStored = 0;
        return open;
    }

    void stored(int objects) {
        newlyStored = objects;
        failuresOnEnd = 0;
        done++;
        seen++;
    }

    void refused(StudyInstance image, RefusedImageException refusal) {
        failuresOnEnd = 0;
        refuse(image, refusal);
    }

    private void list(StudyInstance image, RefusedImageException refusal) {
        if (listed < MOST_LISTED) {
            store.refuse(run, seen, RefusedImage.of(image, refusal));
            listed++;
        }
    }

    private void refuse(StudyInstance image, RefusedImageException refusal) {
        list(image, refusal);
        refusals.add(refusal.reason());
        refused++;
        done++;
        seen++;
    }

    /**
     * Lists the image as failed and goes on with the next one, if the failure may be this image's own. A further attempt comes
     * back to it; where there is none, the image is refused.
     *
     * @throws RuntimeException the failure, if it concerns all images
     */
    void failed(StudyInstance image, RuntimeException failure) {
        boolean ofAll = failure instanceof InferenceRefusedException
                || failure instanceof ImageMemoryFullException
                || failure instanceof CancellationException
                || (failure instanceof PacsException pacs && pacs.isDenied());
        boolean maySlowDownAll = !(failure instanceof PacsException pacs) || pacs.isAway();
        failuresOnEnd = maySlowDownAll ? failuresOnEnd + 1 : 0;
        if (ofAll || (failuresOnEnd == MOST_FAILURES_ON_END && !lastAttempt)) {
            throw failure;
        }
        boolean passes = !(failure instanceof PacsException pacs) || pacs.isPassing();
        if (passes && !lastAttempt) {
            passing = failure;
            list(image, refusal(failure));
            seen++;
            return;
        }
        lasting = !passes || lasting == null ? failure : lasting;
        failures++;
        refuse(image, refusal(failure));
    }

    private static RefusedImageException refusal(RuntimeException failure) {
        return failure instanceof PacsException
                ? new RefusedImageException(RefusalReason.PACS_FAILED, String.valueOf(failure.getMessage()))
                : new RefusedImageException(
                        RefusalReason.FAILED,
                        "The service failed (%s).".formatted(failure.getClass().getSimpleName()));
    }

    /**
     * Ends the attempt.
     *
     * @throws RuntimeException of an image, if a further attempt may succeed, or the PACS does not take results
     * @throws PermanentFailureException if each image was refused
     */
    void end() {
        if (!goesOn()) {
            return;
        }
        if (passing != null) {
            throw passing;
        }
        if (lasting != null && (failures == total || isFinal(lasting))) {
            throw lasting;
        }
        if (refused == total) {
            throw new PermanentFailureException(
                    "The study has no frontal chest radiograph that can be localized: %d of %d images were refused (%s)."
                            .formatted(refused, total, String.join(", ", refusals)));
        }
    }

    private static boolean isFinal(RuntimeException failure) {
        return failure instanceof PacsException pacs && !pacs.isPassing();
    }
}
