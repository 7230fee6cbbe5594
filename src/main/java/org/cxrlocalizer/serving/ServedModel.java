// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.model.ModelManifest;

/** A loaded model, and what finds boxes with it; see {@link ServedModels#use}. */
public record ServedModel(Classifier classifier, Localizer localizer) {

    public ModelManifest manifest() {
        return classifier.manifest();
    }

    /** Returns a request that was made to another model as this one can answer it: without operating points, its plain cut-offs decide. */
    public LocalizationRequest fitted(LocalizationRequest request) {
        return manifest().operatingPoints() == null ? request.withOperatingPoint(null) : request;
    }
}
