package org.cxrlocalizer.radiograph;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.springframework.stereotype.Component;

/**
 * Reads a PNG (1 to 16 bit; grey, palette, RGB, with or without alpha) or JPEG (baseline, progressive; EXIF orientation
 * applied) as a grey radiograph. The format is told by the bytes, not by a name or a declared type. Size limits are
 * checked from the header; a file that is cut short or damaged is refused, never guessed at.
 */
@Component
public class RadiographReader {

    /** No radiograph is a strip; resizing one to a square would need rows without end. */
    private static final int LARGEST_ASPECT_RATIO = 20;

    private final RadiographProperties limits;
    private final MeterRegistry meters;

    RadiographReader(RadiographProperties limits, MeterRegistry meters) {
        this.limits = limits;
        this.meters = meters;
    }

    /**
     * Decodes an image file.
     *
     * @throws UnreadableImageException if the bytes are no PNG or JPEG, or a damaged one
     * @throws ImageTooLargeException if there are more bytes or pixels than the limits allow
     */
    public Radiograph read(byte[] bytes) {
        if (bytes.length == 0) {
            throw new UnreadableImageException("The image is empty.");
        }
        if (bytes.length > limits.maxSize().toBytes()) {
            throw new ImageTooLargeException("The image has %d bytes; at most %d are taken."
                    .formatted(bytes.length, limits.maxSize().toBytes()));
        }
        return Timer.builder("cxr.decode")
                .description("Time from the bytes of an image to grey pixels")
                .register(meters)
                .record(() -> decode(bytes));
    }

    private Radiograph decode(byte[] bytes) {
        ImageFormat format = ImageFormat.of(bytes);
        ImageReader reader = format.reader();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(stream, true, true);
            checkPixels(reader.getWidth(0), reader.getHeight(0));
            format.checkIntegrity(bytes);
            GreyPixels pixels = GreyPixels.of(format.raster(reader)).oriented(format.orientation(bytes));
            return new Radiograph(
                    pixels.width(),
                    pixels.height(),
                    pixels.samples(),
                    pixels.maximum(),
                    format.mediaType(),
                    sha256(bytes),
                    pixels.warnings());
        } catch (IOException | RuntimeException e) {
            if (e instanceof UnreadableImageException || e instanceof ImageTooLargeException) {
                throw (RuntimeException) e;
            }
            // ImageIO's readers throw all sorts of unchecked exceptions on damaged files.
            throw new UnreadableImageException("The %s is damaged: %s".formatted(format.title(), reason(e)));
        } finally {
            reader.dispose();
        }
    }

    private void checkPixels(int width, int height) {
        if (width < 1 || height < 1) {
            throw new UnreadableImageException("The image has no pixels.");
        }
        if (Math.max(width, height) > (long) LARGEST_ASPECT_RATIO * Math.min(width, height)) {
            throw new UnreadableImageException("The image has %d × %d pixels; one side is more than %d times the other."
                    .formatted(width, height, LARGEST_ASPECT_RATIO));
        }
        long pixels = (long) width * height;
        if (pixels > limits.maxPixels()) {
            throw new ImageTooLargeException("The image has %d × %d = %d pixels; at most %d are taken."
                    .formatted(width, height, pixels, limits.maxPixels()));
        }
    }

    private static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
