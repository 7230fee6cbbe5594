// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.imageio.IIOException;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.radiograph.pixels.GreyPixels;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Reads a PNG (1 to 16 bit; grey, palette, RGB, with or without alpha) or JPEG (baseline, progressive) as a grey radiograph,
 * EXIF orientation applied. The bytes decide the format, not a name or a declared type. Size limits are
 * checked from the header; a file that is cut short or damaged is refused, never guessed at. DICOM files are read by
 * {@link DicomRadiograph}.
 */
@Component
public class RadiographReader {

    /** A name with a dot or with capitals inside, an exception, or nothing. */
    private static final Pattern OF_CODE =
            Pattern.compile("\\w\\.\\w|[a-z][A-Z]|Exception|Error|\\bnull\\b|[@$\\p{Cntrl}]|[^\\x20-\\x7e]");

    private final RadiographProperties limits;
    private final ObservationRegistry observations;
    private final ImageMemory memory;
    private final PictureCheck pictureCheck;

    @Autowired
    RadiographReader(
            RadiographProperties limits,
            ObservationRegistry observations,
            ImageMemory memory,
            PictureCheck pictureCheck) {
        this.limits = limits;
        this.observations = observations;
        this.memory = memory;
        this.pictureCheck = pictureCheck;
    }

    /** One that decodes, and does not look at what the pixels show. */
    RadiographReader(RadiographProperties limits, ObservationRegistry observations, ImageMemory memory) {
        this(limits, observations, memory, PictureCheck.NONE);
    }

    /** Returns the size of the largest image file that is read, in bytes. */
    public long maxBytes() {
        return limits.maxSize().toBytes();
    }

    /** Decodes an image file of an unknown kind, as {@link #read(byte[], ReadOptions)} does. */
    public Radiograph read(byte[] bytes) {
        return read(bytes, ReadOptions.DEFAULT);
    }

    /**
     * Decodes an image file. Memory is accounted for as long as that takes.
     *
     * @throws UnreadableImageException if the bytes are no PNG, JPEG or DICOM file, or a damaged one
     * @throws ImageTooLargeException if there are more bytes or pixels than the limits allow
     * @throws ImageMemoryFullException if other images leave no memory for this one
     * @throws NoSuchFrameException if the image has fewer frames than the requested one
     * @throws NotAFrontalChestRadiographException if a DICOM file states that it shows something else
     * @throws org.cxrlocalizer.dicom.UnsupportedTransferSyntaxException if a DICOM file's pixels are encoded in a way
     *     that is not read
     */
    public Radiograph read(byte[] bytes, ReadOptions options) {
        return read(bytes, null, options);
    }

    /**
     * Parses a DICOM file, for a look at it before its pixels are decoded.
     *
     * @throws org.cxrlocalizer.dicom.DicomException if the bytes are no DICOM file, or a damaged one
     * @throws org.cxrlocalizer.dicom.DataSetTooLargeException if a deflated data set inflates to more than the limit
     * @throws org.cxrlocalizer.dicom.UnsupportedTransferSyntaxException if its encoding is not read
     */
    public DicomFile parse(byte[] bytes) {
        return DicomRadiograph.parse(bytes, limits);
    }

    /**
     * Decodes a DICOM file, as {@link #read(byte[], ReadOptions)} does, without parsing it again.
     *
     * @param parsed the file as {@link #parse} returned it, or null if it is not parsed yet
     */
    public Radiograph read(byte[] bytes, @Nullable DicomFile parsed, ReadOptions options) {
        try (ImageMemory.Reservation reservation = memory.open()) {
            reservation.take(bytes.length);
            return read(bytes, parsed, options, reservation);
        }
    }

    /**
     * Decodes an image file, as {@link #read(byte[], ReadOptions)} does.
     *
     * @param reservation covers the bytes already, and what is read of them from then on
     */
    public Radiograph read(byte[] bytes, ReadOptions options, ImageMemory.Reservation reservation) {
        return read(bytes, null, options, reservation);
    }

    private Radiograph read(
            byte[] bytes, @Nullable DicomFile parsed, ReadOptions options, ImageMemory.Reservation reservation) {
        if (bytes.length == 0) {
            throw new UnreadableImageException("The image is empty.");
        }
        if (bytes.length > limits.maxSize().toBytes()) {
            throw new ImageTooLargeException("The image has %d bytes; at most %d are taken."
                    .formatted(bytes.length, limits.maxSize().toBytes()));
        }
        ReadLimits readLimits = new ReadLimits(limits, reservation);
        Radiograph radiograph = Objects.requireNonNull(Observation.createNotStarted("cxr.decode", observations)
                .observe(() -> decode(bytes, parsed, options, readLimits)));
        readLimits.wereRead(radiograph);
        return radiograph.withWarnings(pictureCheck.warnings(radiograph));
    }

    private Radiograph decode(byte[] bytes, @Nullable DicomFile parsed, ReadOptions options, ReadLimits limits) {
        if (parsed != null || options.declaredAsDicom() || DicomFile.isRecognised(bytes)) {
            return DicomRadiograph.read(bytes, parsed, DigestUtils.sha256Hex(bytes), options, limits);
        }
        ImageFormat format = ImageFormat.of(bytes);
        if (options.frame() != 1) {
            throw new NoSuchFrameException(options.frame(), 1);
        }
        try {
            GreyPixels pixels = format.decode(bytes, limits);
            return new Radiograph(
                    pixels.width(),
                    pixels.height(),
                    pixels.samples(),
                    pixels.maximum(),
                    format.mediaType(),
                    DigestUtils.sha256Hex(bytes),
                    pixels.warnings());
        } catch (IOException | RuntimeException e) {
            if (e instanceof UnreadableImageException
                    || e instanceof ImageTooLargeException
                    || e instanceof ImageMemoryFullException) {
                throw (RuntimeException) e;
            }
            // ImageIO's readers throw all sorts of unchecked exceptions on damaged files.
            throw new UnreadableImageException("The %s is damaged: %s".formatted(format.title(), reason(e)));
        }
    }

    /** Returns a reader's message without names of classes: messages of code name these, and indices of arrays. */
    private static String reason(Exception e) {
        String message = e instanceof IIOException ? e.getMessage() : null;
        return message == null || OF_CODE.matcher(message).find() ? "it cannot be decoded." : message;
    }
}
