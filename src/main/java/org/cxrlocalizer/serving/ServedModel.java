package org.cxrlocalizer.serving;

import java.util.function.Supplier;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.model.ModelManifest;

/** A loaded model, and what finds boxes with it; see {@link ServedModels#use}. */
public record ServedModel(Classifier classifier, Localizer localizer) {

    public ModelManifest manifest() {
        return classifier.manifest();
    }

    /**
     * Does the work of one caller's image; see {@link Classifier#admit}.
     *
     * @throws org.cxrlocalizer.inference.InferenceRefusedException before any work is done, if too many are at that already
     */
    public <T> T admit(Supplier<T> work) {
        return classifier.admit(work);
    }
}
