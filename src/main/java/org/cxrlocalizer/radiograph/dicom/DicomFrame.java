// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.dicom;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DicomException;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.radiograph.pixels.GreyPixels;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/** Takes the samples of one frame out of the pixel data, however they are encoded; colours become grey. */
public final class DicomFrame {

    private static final long BYTES_OF_A_WAVELET_SAMPLE = 12;

    private final DicomFormat format;
    private final DataSet dataSet;
    private final int frame;
    private final List<String> notes = new ArrayList<>();

    /** @param frame from 0 */
    public DicomFrame(DicomFormat format, DataSet dataSet, int frame) {
        this.format = format;
        this.dataSet = dataSet;
        this.frame = frame;
    }

    /** What was done, for the answer's warnings. */
    public List<String> notes() {
        return notes;
    }

    /**
     * One sample for each pixel, without what cells hold besides; of colours their luma.
     *
     * @throws UnreadableImageException if compressed pixels are damaged
     */
    public short[] decode(DicomFile file) {
        if (!dataSet.has(Attribute.PIXEL_DATA)) {
            throw new DicomException("It holds no image: its pixel data, element %s, is missing or empty."
                    .formatted(Attribute.PIXEL_DATA));
        }
        boolean compressed = file.transferSyntax().compression() != TransferSyntax.Compression.NONE;
        if (compressed != dataSet.isEncapsulated()) {
            throw new DicomException(
                    compressed
                            ? "The pixel data is not compressed, contrary to the transfer syntax."
                            : "The pixel data is compressed, contrary to the transfer syntax.");
        }
        return switch (file.transferSyntax().compression()) {
            case NONE -> uncompressed();
            case RLE -> runLengthEncoded();
            case JPEG -> compressed(DicomCodec.JPEG);
            case JPEG_LS -> compressed(DicomCodec.JPEG_LS);
            case JPEG_2000 -> compressed(DicomCodec.JPEG_2000);
        };
    }

    /**
     * Returns the bytes that {@link #decode} takes for a moment, beyond those of any image of this size. Measured with JPEG 2000
     * of 3000 × 3000 pixels: 17 bytes a sample for one component, 44 a pixel for three, and the compressed bytes three times.
     */
    public long bytesWhileDecoded(DicomFile file) {
        if (file.transferSyntax().compression() != TransferSyntax.Compression.JPEG_2000) {
            return 0;
        }
        long samples = (long) format.photometric().samples() * format.pixels();
        return BYTES_OF_A_WAVELET_SAMPLE * samples + 3L * dataSet.encapsulatedFrame(frame, format.frames()).length;
    }

    private short[] compressed(DicomCodec codec) {
        return codec.decode(dataSet.encapsulatedFrame(frame, format.frames()), format, notes);
    }

    private short[] runLengthEncoded() {
        int pixels = format.pixels();
        byte[] bytes = dataSet.encapsulatedFrame(frame, format.frames());
        int samples = format.photometric().samples();
        short[] cells = RunLength.decode(bytes, samples, format.bytesEach(), pixels);
        return grey((pixel, sample) -> cells[sample * pixels + pixel] & 0xffff);
    }

    private short[] uncompressed() {
        ByteBuffer bytes = dataSet.bytes(Attribute.PIXEL_DATA)
                .orElseThrow(() -> new DicomException("Element %s is missing.".formatted(Attribute.PIXEL_DATA)));
        int pixels = format.pixels();
        int samples = format.photometric().samples();
        boolean subsampled = format.photometric() == DicomFormat.Photometric.YBR_FULL_422;
        long cells = subsampled ? 2L * pixels : (long) samples * pixels;
        long start = frame * cells * format.bytesEach();
        if (start + cells * format.bytesEach() > bytes.limit()) {
            throw new DicomException("Element %s has %d bytes, and %d frames of %d samples need more."
                    .formatted(Attribute.PIXEL_DATA, bytes.limit(), frame + 1, cells));
        }
        noteSurplus(bytes.limit() - format.frames() * cells * format.bytesEach());
        int from = (int) start;
        IntUnaryOperator source = format.allocated() == 8
                ? cell -> bytes.get(from + cell) & 0xff
                : cell -> bytes.getShort(from + 2 * cell) & 0xffff;
        if (subsampled) {
            // Two pixels are four cells: their lumas, then a blue and a red difference for both.
            return grey((pixel, sample) -> source.applyAsInt((pixel & ~1) * 2 + (pixel & 1)));
        }
        return format.planar()
                ? grey((pixel, sample) -> source.applyAsInt(sample * pixels + pixel))
                : grey((pixel, sample) -> source.applyAsInt(pixel * samples + sample));
    }

    /** One byte makes the length even; more may mean that the data set's size is not the picture's. */
    private void noteSurplus(long bytes) {
        if (bytes > 1) {
            notes.add("The pixel data has %d bytes more than rows, columns and frames need; they were ignored."
                    .formatted(bytes));
        }
    }

    private interface Samples {

        int cell(int pixel, int sample);
    }

    private short[] grey(Samples samples) {
        short[] grey = new short[format.pixels()];
        switch (format.photometric()) {
            case MONOCHROME1, MONOCHROME2, PALETTE_COLOR, YBR_FULL, YBR_FULL_422 -> {
                // The first of the three YBR samples is the luma.
                for (int i = 0; i < grey.length; i++) {
                    grey[i] = (short) format.code(samples.cell(i, 0));
                }
            }
            case RGB, YBR_RCT, YBR_ICT -> {
                for (int i = 0; i < grey.length; i++) {
                    grey[i] = (short) GreyPixels.luma(
                            format.code(samples.cell(i, 0)),
                            format.code(samples.cell(i, 1)),
                            format.code(samples.cell(i, 2)));
                }
            }
        }
        return grey;
    }
}
