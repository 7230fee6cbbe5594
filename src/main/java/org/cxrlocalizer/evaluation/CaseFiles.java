package org.cxrlocalizer.evaluation;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import javax.imageio.ImageIO;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.drawing.Overlay;
import org.cxrlocalizer.evaluation.report.CasePainter;
import org.cxrlocalizer.evaluation.report.NoPictureException;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.radiograph.ImageTooLargeException;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/**
 * Draws cases from the image files that were scored, small enough for a report. A file is read through the checks that it
 * was scored through, and drawn only if its bytes are those that were scored.
 *
 * @param scored the files of each image
 */
record CaseFiles(Map<String, List<Path>> scored, ImageFiles files, RadiographReader reader) implements CasePainter {

    private static final int SIDE = 360;

    @Override
    public byte[] paint(
            String image,
            String sha256,
            ClassActivationMap map,
            ImageFrame frame,
            String title,
            List<Overlay.Outline> outlines)
            throws NoPictureException {
        try {
            byte[] file = files.read(scored.getOrDefault(image, List.of()));
            if (!DigestUtils.sha256Hex(file).equals(sha256)) {
                throw new NoPictureException("the file has changed since it was scored");
            }
            return small(CapacityRetry.retry(() -> Overlay.draw(reader.read(file), map, frame, title, outlines)));
        } catch (CancellationException e) {
            throw e; // says nothing of the image
        } catch (NoSuchFileException e) {
            throw new NoPictureException("the file is not there any more");
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
