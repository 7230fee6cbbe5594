// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.dicom;

import java.util.ArrayList;
import org.cxrlocalizer.radiograph.jpeg.JpegScans;

/** The compressed frame of a DICOM file whose header says just what the frame's own does. */
public enum CompressedFrame {
    JPEG(DicomCodec.JPEG),
    JPEG_LS(DicomCodec.JPEG_LS),
    JPEG_2000(DicomCodec.JPEG_2000);

    private final DicomCodec codec;

    CompressedFrame(DicomCodec codec) {
        this.codec = codec;
    }

    public void decode(byte[] bytes, JpegScans.SizeCheck limits) {
        CompressedHeader header = codec.header(codec.bare(bytes, new ArrayList<>()));
        limits.check(header.width(), header.height());
        int allocated = header.precision() > 8 ? 16 : 8;
        codec.decode(
                bytes,
                new DicomFormat(
                        header.width(),
                        header.height(),
                        allocated,
                        allocated,
                        allocated - 1,
                        false,
                        header.components() == 3 ? DicomFormat.Photometric.RGB : DicomFormat.Photometric.MONOCHROME2,
                        false,
                        1),
                new ArrayList<>());
    }
}
