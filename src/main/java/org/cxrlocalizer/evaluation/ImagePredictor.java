package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.TruthBox;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.localization.Localization;

/** Makes the predictions of single images by an evaluation's plan. */
record ImagePredictor(EvaluationPlan plan, GroundTruth truth, ImageWalk walk) {

    /**
     * Localizes one image. A reason why it cannot be used is its prediction.
     *
     * @param files those of the image; an image with any other number than one cannot be used
     * @throws InferenceRefusedException if this process cannot run the model any more
     */
    ImagePrediction predict(String image, List<Path> files) {
        String sha256 = null;
        try {
            byte[] bytes = imageFiles().read(files);
            sha256 = DigestUtils.sha256Hex(bytes);
            List<TruthBox> boxes = truth.of(image).orElse(List.of());
            List<Localization> localizations = walk.localize(bytes, plan.systems());
            ImageFrame frame = localizations.get(0).frame();
            int side = ChestXray14.IMAGE_SIDE;
            if (!boxes.isEmpty() && (frame.imageWidth() != side || frame.imageHeight() != side)) {
                throw new EvaluationRefusedException("it has %d × %d pixels and its true boxes are of %d × %d"
                        .formatted(frame.imageWidth(), frame.imageHeight(), side, side));
            }
            return ImagePrediction.of(
                    image,
                    sha256,
                    plan.systems(),
                    localizations,
                    boxes.stream().map(TruthBox::label).toList());
        } catch (CancellationException | InferenceRefusedException e) {
            throw e; // says nothing of the image
        } catch (IOException | RuntimeException e) {
            return ImagePrediction.failed(image, sha256, String.valueOf(e.getMessage()));
        }
    }

    /** Returns how the files of this evaluation are read. */
    ImageFiles imageFiles() {
        return new ImageFiles(plan.roots(), walk.maxBytes());
    }
}
