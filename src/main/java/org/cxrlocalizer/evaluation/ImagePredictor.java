// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.ImageSize;
import org.cxrlocalizer.dataset.TruthBox;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.radiograph.Radiograph;

/** Makes the predictions of single images by an evaluation's plan. */
record ImagePredictor(EvaluationPlan plan, GroundTruth truth, ImageWalk walk) {

    /**
     * Localizes one image. A reason why it cannot be used is its prediction.
     *
     * @param files those of the image; an image with any other number than one cannot be used
     * @throws InferenceRefusedException if this process cannot run the model any more
     */
    ImagePrediction predict(String image, List<Path> files) {
        byte[] bytes = null;
        try {
            bytes = imageFiles().read(files);
            Radiograph radiograph = walk.read(bytes);
            List<TruthBox> boxes = truth.of(image).orElse(List.of());
            List<Localization> localizations =
                    walk.localize(radiograph, plan.systems(), plan.options().operatingPoint());
            ImageFrame frame = localizations.get(0).frame();
            requireSize(image, frame, boxes);
            Set<String> trueLabels = boxes.stream().map(TruthBox::label).collect(Collectors.toSet());
            return ImagePrediction.of(
                    image,
                    radiograph.sha256(),
                    plan.systems(),
                    localizations,
                    label -> trueLabels.contains(truth.scored(label)));
        } catch (CancellationException | InferenceRefusedException e) {
            throw e; // is not the fault of the image
        } catch (IOException | RuntimeException e) {
            return ImagePrediction.failed(
                    image, bytes == null ? null : DigestUtils.sha256Hex(bytes), String.valueOf(e.getMessage()));
        }
    }

    /** A list may not state the size; then its boxes must lie within the image, but for a rounded pixel. */
    private void requireSize(String image, ImageFrame frame, List<TruthBox> boxes) {
        if (boxes.isEmpty()) {
            return;
        }
        ImageSize size = truth.size(image);
        if (size != null && (frame.imageWidth() != size.width() || frame.imageHeight() != size.height())) {
            throw new EvaluationRefusedException("it has %d × %d pixels and its true boxes are of %s"
                    .formatted(frame.imageWidth(), frame.imageHeight(), size));
        }
        if (boxes.stream()
                .map(TruthBox::box)
                .anyMatch(box -> box.right() > frame.imageWidth() + 1 || box.bottom() > frame.imageHeight() + 1)) {
            throw new EvaluationRefusedException("it has %d × %d pixels and a true box leaves it"
                    .formatted(frame.imageWidth(), frame.imageHeight()));
        }
    }

    /** Returns how the files of this evaluation are read. */
    ImageFiles imageFiles() {
        return new ImageFiles(plan.roots(), walk.maxBytes());
    }
}
