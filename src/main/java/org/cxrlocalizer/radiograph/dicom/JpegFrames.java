// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.dicom;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.cxrlocalizer.radiograph.jpeg.JpegColours;
import org.cxrlocalizer.radiograph.jpeg.JpegPlanes;
import org.cxrlocalizer.radiograph.jpeg.JpegScans;

/** JPEG frames: by ImageIO, for which TwelveMonkeys reads what the JDK does not; those of 12 bits by {@link JpegPlanes}. */
final class JpegFrames {

    private JpegFrames() {}

    static DicomCodec.Rows rows(byte[] image, CompressedHeader header, List<String> notes) throws IOException {
        if (header.extended()) {
            return JpegPlanes.decode(image, sizeOf(header), notes)::read;
        }
        byte[] ended = ended(image, header, notes);
        ImageReader reader = ImageIO.getImageReadersByFormatName("JPEG").next();
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(ended))) {
            reader.setInput(stream, true, true);
            // The reader may take another marker for the frame header than we did.
            if (reader.getWidth(0) != header.width() || reader.getHeight(0) != header.height()) {
                throw new IOException("another size");
            }
            // Colours as they are stored: the reader guesses their meaning from markers that DICOM does not
            // require.
            Raster raster = header.components() == 1 ? reader.read(0).getRaster() : reader.readRaster(0, null);
            return (y, row) -> raster.getPixels(0, y, header.width(), 1, row);
        } finally {
            reader.dispose();
        }
    }

    /** The end marker may be missing here, because the file's fragments show where the image ends. */
    private static byte[] ended(byte[] image, CompressedHeader header, List<String> notes) {
        boolean hasEnd = JpegScans.check(image, sizeOf(header), notes);
        if (hasEnd) {
            return image;
        }
        notes.add(JpegScans.WITHOUT_END);
        byte[] ended = Arrays.copyOf(image, image.length + 2);
        ended[image.length] = (byte) 0xff;
        ended[image.length + 1] = (byte) 0xd9;
        return ended;
    }

    /** The reader may take another marker for the frame header than we did. */
    private static JpegScans.SizeCheck sizeOf(CompressedHeader header) {
        return (width, height) -> {
            if (width != header.width() || height != header.height()) {
                throw JpegScans.damaged("it has two frame headers");
            }
        };
    }

    /** The frame's own statement comes before the data set's, which many writers leave as it was before they compressed. */
    static boolean isLumaFirst(byte[] image, DicomFormat format, List<String> notes) {
        boolean declared = format.photometric().isLumaFirst();
        boolean stated = JpegColours.of(image)
                .map(colours -> colours == JpegColours.YCBCR)
                .orElse(declared);
        if (stated != declared) {
            notes.add(
                    "The JPEG frame's own colours (%s) are not those that the data set states (%s); the frame's were taken."
                            .formatted(stated ? "YCbCr" : "RGB", format.photometric()));
        }
        return stated;
    }
}
