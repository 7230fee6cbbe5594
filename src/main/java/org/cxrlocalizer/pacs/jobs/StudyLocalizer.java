// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.cxrlocalizer.pacs.PacsProperties;
import org.cxrlocalizer.pacs.dicomweb.DicomWebClient;
import org.cxrlocalizer.pacs.dicomweb.PacsNodes;
import org.cxrlocalizer.pacs.dicomweb.StudyInstance;
import org.cxrlocalizer.pacs.jobs.PacsJobStore.Run;
import org.cxrlocalizer.results.ResultKind;
import org.cxrlocalizer.results.ResultOptions;
import org.springframework.stereotype.Component;

/**
 * Lists a study, and localizes its radiographs one after the other. What the study has already is not made again: a result's SOP
 * Instance UID states which image it is of, so that this may stop anywhere and be started again. An image that fails or is refused
 * costs the study that image only.
 */
@Component
@NotOnCommandLine
class StudyLocalizer {

    private final PacsProperties properties;
    private final PacsNodes nodes;
    private final PacsJobStore store;
    private final ImageLocalizer images;

    StudyLocalizer(PacsProperties properties, PacsNodes nodes, PacsJobStore store, ImageLocalizer images) {
        this.properties = properties;
        this.nodes = nodes;
        this.store = store;
        this.images = images;
    }

    /**
     * Localizes a study.
     *
     * @param run the job's, which ends as soon as another one is the job's
     * @param lastAttempt whether images that fail are refused for good
     * @throws PermanentFailureException if there is nothing that could be localized
     * @throws org.cxrlocalizer.pacs.dicomweb.PacsException if the PACS does not do its part
     * @throws org.cxrlocalizer.inference.InferenceRefusedException if the service has too much to do
     * @throws RuntimeException as localizing an image did, if a further attempt may succeed
     */
    void localize(PacsJob job, Run run, boolean lastAttempt) {
        DicomWebClient pacs = nodes.find(job.node())
                .orElseThrow(() -> new PermanentFailureException("The PACS is not configured any more."));
        String model = job.model() == null ? node(job.node()).model() : job.model();
        images.requireServed(model);
        List<StudyInstance> instances = pacs.instances(job.studyUid());
        if (instances.isEmpty()) {
            throw new PermanentFailureException("The PACS has no such study.");
        }
        List<StudyInstance> candidates = Candidates.among(instances);
        if (candidates.isEmpty()) {
            throw new PermanentFailureException("The study has no radiograph.");
        }
        Set<String> present = new HashSet<>();
        instances.forEach(instance -> present.add(instance.sopInstanceUid()));
        StudyProgress progress = new StudyProgress(store, run, candidates.size(), lastAttempt);
        OpenStudy study = new OpenStudy(
                pacs, job.studyUid(), present, model, options(job.node()), job.created(), () -> requireCurrent(run));
        for (StudyInstance image : candidates) {
            if (!progress.goesOn()) {
                return;
            }
            try {
                progress.stored(images.localize(study, image));
            } catch (RunEndedException e) {
                return;
            } catch (RefusedImageException e) {
                progress.refused(image, e);
            } catch (RuntimeException e) {
                progress.failed(image, e);
            }
        }
        progress.end();
    }

    private ResultOptions options(String node) {
        return ResultOptions.DEFAULT
                .withOperatingPoint(properties.operatingPoint(node).code())
                .withPictureReferenced(properties.results().contains(ResultKind.SECONDARY_CAPTURE))
                .withFormat(node(node).pictures());
    }

    private PacsProperties.Node node(String name) {
        return Objects.requireNonNull(properties.nodes().get(name));
    }

    private void requireCurrent(Run run) {
        if (!store.isCurrent(run)) {
            throw new RunEndedException();
        }
    }
}
