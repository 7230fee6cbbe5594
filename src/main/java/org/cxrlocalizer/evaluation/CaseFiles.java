// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.dataset.GroundTruth;
import org.cxrlocalizer.dataset.ImageNames;
import org.cxrlocalizer.drawing.Overlay;
import org.cxrlocalizer.evaluation.report.CaseImage;
import org.cxrlocalizer.evaluation.report.Gallery;
import org.cxrlocalizer.evaluation.report.GalleryCase;
import org.cxrlocalizer.evaluation.report.LabelCases;
import org.cxrlocalizer.evaluation.report.ReportedCase;
import org.cxrlocalizer.evaluation.report.ReportedFinding;
import org.cxrlocalizer.evaluation.scoring.BoxSystem;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.radiograph.ImageTooLargeException;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.cxrlocalizer.reports.tables.WrittenReport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Draws cases from the image files that were scored, small enough for a report. A file is read through the checks that it
 * was scored through, and drawn only if its bytes are those that were scored.
 *
 * @param scored the files of each image
 */
record CaseFiles(Map<String, List<Path>> scored, ImageFiles files, RadiographReader reader) {

    private static final Logger LOG = LoggerFactory.getLogger(CaseFiles.class);

    private static final int SIDE = 360;

    /** Draws the cases of a gallery. What cannot be drawn costs its picture alone: the case has the reason. */
    List<LabelCases> draw(Gallery gallery) {
        return gallery.cases().entrySet().stream()
                .map(cases -> new LabelCases(
                        cases.getKey(),
                        cases.getValue().stream().map(this::draw).toList()))
                .toList();
    }

    private CaseImage draw(GalleryCase one) {
        try {
            return new CaseImage(one.caption(), Base64.getEncoder().encodeToString(jpeg(one)), "");
        } catch (NoPictureException e) {
            LOG.warn("The report has no picture of {}: {}", one.image(), e.getMessage());
            return new CaseImage(one.caption(), "", "There is no picture: %s.".formatted(e.getMessage()));
        }
    }

    /** Draws where the labels of reports were found. A report of an image without a prediction has no pictures. */
    List<ReportedCase> draw(
            List<WrittenReport> reports, List<ImagePrediction> predictions, GroundTruth truth, BoxSystem system) {
        Map<String, ImagePrediction> byImage =
                predictions.stream().collect(Collectors.toMap(ImagePrediction::image, Function.identity()));
        return reports.stream()
                .map(report -> {
                    ImagePrediction prediction = byImage.get(ImageNames.index(report.image()));
                    return new ReportedCase(
                            report,
                            prediction == null
                                    ? List.of()
                                    : ReportedFinding.of(report.labels(), prediction, truth, system).stream()
                                            .map(finding -> draw(finding, prediction))
                                            .toList());
                })
                .toList();
    }

    private CaseImage draw(ReportedFinding finding, ImagePrediction prediction) {
        try {
            byte[] jpeg = jpeg(
                    prediction.image(),
                    prediction.sha256(),
                    radiograph -> Overlay.draw(radiograph, finding.label(), finding.outlines()));
            return new CaseImage(finding.caption(), Base64.getEncoder().encodeToString(jpeg), "");
        } catch (NoPictureException e) {
            LOG.warn("The report has no picture of {}: {}", prediction.image(), e.getMessage());
            return new CaseImage(finding.caption(), "", "There is no picture: %s.".formatted(e.getMessage()));
        }
    }

    /** @throws NoPictureException if the image cannot be drawn as it was scored */
    byte[] jpeg(GalleryCase one) throws NoPictureException {
        ClassActivationMap map = one.map();
        if (map == null || one.sha256() == null) {
            throw new NoPictureException("the predictions have no map of this label");
        }
        return jpeg(
                one.image(),
                one.sha256(),
                radiograph -> Overlay.draw(radiograph, map, one.frame(), one.label(), one.outlines()));
    }

    private byte[] jpeg(String image, @Nullable String sha256, Function<Radiograph, BufferedImage> drawing)
            throws NoPictureException {
        try {
            byte[] file = files.read(scored.getOrDefault(image, List.of()));
            if (!DigestUtils.sha256Hex(file).equals(sha256)) {
                throw new NoPictureException("the file has changed since it was scored");
            }
            return small(CapacityRetry.retry(() -> drawing.apply(reader.read(file))));
        } catch (CancellationException e) {
            throw e; // is not the fault of the image
        } catch (NoSuchFileException e) {
            throw new NoPictureException("the file no longer exists");
        } catch (EvaluationRefusedException | UnreadableImageException | ImageTooLargeException e) {
            throw new NoPictureException(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            throw new NoPictureException("the file cannot be read");
        }
    }

    private static byte[] small(BufferedImage whole) throws IOException {
        double scale = (double) SIDE / Math.max(whole.getWidth(), whole.getHeight());
        BufferedImage small = new BufferedImage(
                (int) Math.ceil(whole.getWidth() * scale),
                (int) Math.ceil(whole.getHeight() * scale),
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = small.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            graphics.drawImage(whole, 0, 0, small.getWidth(), small.getHeight(), null);
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(small, "jpeg", bytes);
        return bytes.toByteArray();
    }
}
