// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.cxrlocalizer.radiograph.jpeg.JpegScans;
import org.cxrlocalizer.radiograph.jpeg.JpegSegments;
import org.cxrlocalizer.radiograph.pixels.ExifOrientation;
import org.cxrlocalizer.radiograph.pixels.GreyPixels;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.cxrlocalizer.radiograph.png.GreyPng;
import org.cxrlocalizer.radiograph.png.PngChunks;
import org.cxrlocalizer.radiograph.png.PngData;
import org.cxrlocalizer.radiograph.png.PngHeader;

/** An image file format, recognized by its signature. */
enum ImageFormat {
    PNG("PNG", "image/png") {
        @Override
        GreyPixels decode(byte[] bytes, ReadLimits limits) throws IOException {
            PngHeader header = PngHeader.of(bytes);
            limits.checkPixels(header.width(), header.height());
            PngChunks chunks = PngChunks.read(bytes);
            if (header.isPlainGrey() && !chunks.hasTransparency()) {
                return GreyPng.read(bytes, header, chunks).oriented(chunks.orientation());
            }
            List<String> notes = PngData.check(bytes, header, chunks);
            return decodeByImageIo(bytes, limits).noting(notes).oriented(chunks.orientation());
        }
    },
    JPEG("JPEG", "image/jpeg") {
        @Override
        GreyPixels decode(byte[] bytes, ReadLimits limits) throws IOException {
            JpegSegments.check(bytes);
            List<String> notes = new ArrayList<>();
            JpegScans.check(bytes, limits.properties()::checkPixels, notes);
            return decodeByImageIo(bytes, limits).noting(notes).oriented(ExifOrientation.ofJpeg(bytes));
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
        throw new UnreadableImageException("The bytes are neither a PNG nor a JPEG image, nor a DICOM file.");
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

    /**
     * The pixels of the first image, upright.
     *
     * @throws UnreadableImageException if the file is cut short or damaged
     * @throws ImageTooLargeException if its header states more pixels than are taken
     * @throws IOException as ImageIO's readers do, besides all sorts of unchecked exceptions, on damaged files
     */
    abstract GreyPixels decode(byte[] bytes, ReadLimits limits) throws IOException;

    GreyPixels decodeByImageIo(byte[] bytes, ReadLimits limits) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(title).next();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(stream, true, true);
            limits.checkPixels(reader.getWidth(0), reader.getHeight(0));
            return GreyPixels.of(reader.read(0));
        } finally {
            reader.dispose();
        }
    }
}
