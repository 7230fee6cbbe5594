// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.model.ModelManifest;

/** A loaded model, and what finds boxes with it; see {@link ServedModels#use}. */
public record ServedModel(Classifier classifier, Localizer localizer) {

    public ModelManifest manifest() {
        return classifier.manifest();
    }
}
