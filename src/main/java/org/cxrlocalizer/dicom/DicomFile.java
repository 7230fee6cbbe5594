package org.cxrlocalizer.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * A DICOM file (PS3.10, section 7), or a data set without preamble and meta information.
 *
 * @param statedInstance the SOP Instance UID that the file meta information states, which should be that of the data set
 *     (PS3.10, section 7.1); null if there is none
 * @param dataSet without the file meta information
 */
public record DicomFile(
        TransferSyntax transferSyntax, @Nullable String statedInstance, DataSet dataSet) {

    private static final int PREAMBLE = 128;
    private static final int META_GROUP = 0x0002;

    /** Whether the bytes have the prefix “DICM” behind the preamble. */
    public static boolean isRecognised(byte[] bytes) {
        return bytes.length >= PREAMBLE + 4
                && bytes[PREAMBLE] == 'D'
                && bytes[PREAMBLE + 1] == 'I'
                && bytes[PREAMBLE + 2] == 'C'
                && bytes[PREAMBLE + 3] == 'M';
    }

    /**
     * Reads all elements; pixels stay as they are.
     *
     * @param mostInflatedBytes that a deflated data set may have
     * @throws DicomException if the bytes are no DICOM data set, or a damaged one
     * @throws UnsupportedTransferSyntaxException if the file states a transfer syntax that is not read
     * @throws DataSetTooLargeException if a deflated data set inflates to more
     */
    public static DicomFile read(byte[] bytes, int mostInflatedBytes) {
        if (isRecognised(bytes)) {
            return readBehindMeta(bytes, PREAMBLE + 4, mostInflatedBytes);
        }
        if (bytes.length < 8) {
            throw new DicomException("%d bytes are no DICOM data set.".formatted(bytes.length));
        }
        if (littleEndianShort(bytes, 0) == META_GROUP) {
            return readBehindMeta(bytes, 0, mostInflatedBytes);
        }
        TransferSyntax guessed = guess(bytes);
        return new DicomFile(guessed, null, DataSetParser.parse(bytes, 0, guessed.encoding()));
    }

    private static DicomFile readBehindMeta(byte[] bytes, int from, int mostInflatedBytes) {
        DataSetParser.Parsed meta = DataSetParser.parseGroup(bytes, from, Encoding.EXPLICIT_LITTLE, META_GROUP);
        TransferSyntax syntax = TransferSyntax.of(meta.dataSet()
                .string(Attribute.TRANSFER_SYNTAX_UID)
                .orElseThrow(() -> new DicomException("The file does not state its transfer syntax, element %s."
                        .formatted(Attribute.TRANSFER_SYNTAX_UID))));
        DataSet dataSet = syntax == TransferSyntax.DEFLATED_EXPLICIT_LITTLE_ENDIAN
                ? DataSetParser.parse(inflate(bytes, meta.end(), mostInflatedBytes), 0, syntax.encoding())
                : DataSetParser.parse(bytes, meta.end(), syntax.encoding());
        String stated =
                meta.dataSet().string(Attribute.MEDIA_STORAGE_SOP_INSTANCE_UID).orElse(null);
        return new DicomFile(syntax, stated, dataSet);
    }

    /**
     * A bare data set begins with one of the identifying elements of group 8, whose contents are short. In implicit
     * encoding, the bytes where a value representation would stand are the lower half of that length, so that two capital
     * letters would mean at least 16 kB.
     */
    private static TransferSyntax guess(byte[] bytes) {
        if (littleEndianShort(bytes, 0) != 0x0008) {
            throw new DicomException(
                    "The bytes begin neither with a DICOM preamble nor with an element of group 0008.");
        }
        if (ValueRepresentation.isKnown(bytes[4] & 0xff, bytes[5] & 0xff)) {
            return TransferSyntax.EXPLICIT_LITTLE_ENDIAN;
        }
        return TransferSyntax.IMPLICIT_LITTLE_ENDIAN;
    }

    private static int littleEndianShort(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(at) & 0xffff;
    }

    /** Deflated without a zlib header (PS3.5, annex A.5); a zero may follow, for an even length. */
    private static byte[] inflate(byte[] bytes, int from, int most) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(bytes, from, bytes.length - from);
            ByteArrayOutputStream inflated = new ByteArrayOutputStream();
            byte[] block = new byte[1 << 16];
            while (!inflater.finished()) {
                int count = inflater.inflate(block);
                if (count == 0 && !inflater.finished()) {
                    throw new DicomException("The deflated data set is cut short.");
                }
                if (count > most - inflated.size()) {
                    throw new DataSetTooLargeException(most);
                }
                inflated.write(block, 0, count);
            }
            return inflated.toByteArray();
        } catch (DataFormatException e) {
            throw new DicomException("The deflated data set is damaged.");
        } finally {
            inflater.end();
        }
    }
}
