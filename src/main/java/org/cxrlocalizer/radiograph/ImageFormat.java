package org.cxrlocalizer.radiograph;

import java.awt.image.BufferedImage;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** An image file format, told by its signature. */
enum ImageFormat {
    PNG("PNG", "image/png") {
        @Override
        void checkIntegrity(byte[] bytes) {
            PngChunks.check(bytes);
        }
    },
    JPEG("JPEG", "image/jpeg") {
        @Override
        void checkIntegrity(byte[] bytes) {
            JpegSegments.check(bytes);
        }

        @Override
        Orientation orientation(byte[] bytes) throws IOException {
            return ExifOrientation.of(bytes);
        }
    };

    private final String title;
    private final String mediaType;

    ImageFormat(String title, String mediaType) {
        this.title = title;
        this.mediaType = mediaType;
    }

    static ImageFormat of(byte[] bytes) {
        if (startsWith(bytes, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
            return PNG;
        }
        if (startsWith(bytes, 0xff, 0xd8, 0xff)) {
            return JPEG;
        }
        throw new UnreadableImageException("The bytes are neither a PNG nor a JPEG image.");
    }

    private static boolean startsWith(byte[] bytes, int... signature) {
        if (bytes.length < signature.length) {
            return false;
        }
        for (int i = 0; i < signature.length; i++) {
            if ((bytes[i] & 0xff) != signature[i]) {
                return false;
            }
        }
        return true;
    }

    String title() {
        return title;
    }

    String mediaType() {
        return mediaType;
    }

    ImageReader reader() {
        return ImageIO.getImageReadersByFormatName(title).next();
    }

    /** The stored pixels of the first image. */
    BufferedImage raster(ImageReader reader) throws IOException {
        return reader.read(0);
    }

    /** How the stored pixels must be turned to stand upright. */
    Orientation orientation(byte[] bytes) throws IOException {
        return Orientation.UPRIGHT;
    }

    /** @throws UnreadableImageException if the file is cut short or damaged in a way that decoders pass over */
    abstract void checkIntegrity(byte[] bytes);
}
