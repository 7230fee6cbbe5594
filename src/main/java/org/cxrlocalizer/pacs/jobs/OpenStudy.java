// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import java.time.Instant;
import java.util.Set;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.pacs.dicomweb.DicomWebClient;
import org.cxrlocalizer.results.ResultOptions;
import org.jspecify.annotations.Nullable;

/**
 * A study while a run of its job localizes it.
 *
 * @param present SOP Instance UIDs of its objects; those of results are added once they are stored
 * @param model the job's or the PACS's; null for the default
 * @param options of its results; those of the PACS's node, and the model's own defaults
 * @param requested when its job was made; the time of results whose image states none, the same for each run
 * @param current throws {@link RunEndedException} once the job has ended or has another run
 */
record OpenStudy(
        DicomWebClient pacs,
        String uid,
        Set<String> present,
        @Nullable String model,
        ResultOptions options,
        Instant requested,
        Runnable current) {

    /** Returns the study with options that a model can fulfil: where it has no operating points, its plain cut-offs decide. */
    OpenStudy forModel(ModelManifest manifest) {
        return manifest.operatingPoints() == null
                ? new OpenStudy(pacs, uid, present, model, options.withOperatingPoint(null), requested, current)
                : this;
    }
}
