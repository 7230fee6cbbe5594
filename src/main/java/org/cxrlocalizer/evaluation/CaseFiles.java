package org.cxrlocalizer.evaluation;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cxrlocalizer.geometry.ImageFrame;
import org.cxrlocalizer.localization.ClassActivationMap;
import org.cxrlocalizer.localization.Overlay;
import org.cxrlocalizer.radiograph.RadiographReader;

/** Draws cases from the image files of a directory, small enough for a report. */
record CaseFiles(Path directory, RadiographReader reader) implements CasePainter {

    private static final int SIDE = 360;

    @Override
    public byte[] paint(
            String image, ClassActivationMap map, ImageFrame frame, String title, List<Overlay.Outline> outlines)
            throws IOException {
        byte[] file = Files.readAllBytes(find(image));
        BufferedImage whole = Patience.of(() -> Overlay.draw(reader.read(file), map, frame, title, outlines));
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

    /** The file of an image index, whatever its format and subdirectory. */
    private Path find(String image) throws IOException {
        String stem = image.substring(0, image.lastIndexOf('.') + 1);
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(stem))
                    .findFirst()
                    .orElseThrow(() -> new NoSuchFileException(image));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
