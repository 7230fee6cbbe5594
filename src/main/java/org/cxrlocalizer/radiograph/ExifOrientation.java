package org.cxrlocalizer.radiograph;

import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The orientation that a JPEG's EXIF segment states. */
final class ExifOrientation {

    private ExifOrientation() {}

    static Orientation of(byte[] jpeg) throws IOException {
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
            List<JPEGSegment> segments = JPEGSegmentUtil.readSegments(stream, JPEG.APP1, "Exif");
            return segments.isEmpty() ? Orientation.UPRIGHT : read(segments.get(0));
        }
    }

    private static Orientation read(JPEGSegment segment) {
        try (InputStream data = segment.data()) {
            data.skipNBytes(1); // the padding byte after "Exif\0"
            Directory directory = new TIFFReader().read(new MemoryCacheImageInputStream(data));
            Entry entry = directory.getEntryById(TIFF.TAG_ORIENTATION);
            return entry != null && entry.getValue() instanceof Number tag
                    ? Orientation.ofTag(tag.intValue())
                    : Orientation.UPRIGHT;
        } catch (IOException e) {
            return Orientation.UPRIGHT; // a broken EXIF segment says nothing; the pixels are still good
        }
    }
}
