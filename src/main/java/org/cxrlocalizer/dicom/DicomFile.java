// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A DICOM file (PS3.10, section 7), or a data set without preamble and meta information.
 *
 * @param statedInstance the SOP Instance UID that the file meta information states, which should be that of the data set
 *     (PS3.10, section 7.1); null if there is none
 * @param statedClass the SOP Class UID that the file meta information states; null if there is none
 * @param dataSet without the file meta information
 * @param notes what is wrong in the file and was ignored, for people; they name no value
 */
public record DicomFile(
        TransferSyntax transferSyntax,
        @Nullable String statedInstance,
        @Nullable String statedClass,
        DataSet dataSet,
        List<String> notes) {

    private static final int META_GROUP = 0x0002;
    private static final int COMMAND_GROUP = 0x0000;
    private static final int GROUP_LENGTH = 12;

    public DicomFile {
        notes = List.copyOf(notes);
    }

    /**
     * Whether the bytes are a DICOM file: by the prefix “DICM”, or because they begin as meta information or a data set without
     * preamble does.
     */
    public static boolean isRecognised(byte[] bytes) {
        return FileStart.prefixEnd(bytes) > 0 || FileStart.isDataSet(bytes);
    }

    /**
     * Reads all elements; pixels stay as they are.
     *
     * @param mostInflatedBytes that a deflated data set may have
     * @throws DicomException if the bytes are not a DICOM data set, or are damaged
     * @throws UnsupportedTransferSyntaxException if the file states a transfer syntax that is not read
     * @throws DataSetTooLargeException if a deflated data set inflates to more
     */
    public static DicomFile read(byte[] bytes, int mostInflatedBytes) {
        ParseNotes notes = new ParseNotes();
        int from = FileStart.prefixEnd(bytes);
        if (from > 0 && from < FileStart.PREAMBLE) {
            notes.add("The file has no preamble.");
        }
        if (from == 0 && bytes.length < 8) {
            throw new DicomException("%d bytes are not a DICOM data set.".formatted(bytes.length));
        }
        int behindCommand = behindCommand(bytes, from, notes);
        boolean hasMeta = FileStart.group(bytes, behindCommand) == META_GROUP;
        if (from == 0 && !hasMeta) {
            FileStart.requireDataSet(bytes, behindCommand);
        }
        DataSetParser.Parsed meta =
                DataSetParser.parseGroup(bytes, behindCommand, Encoding.EXPLICIT_LITTLE, META_GROUP, notes);
        if (hasMeta) {
            noteWrongLength(meta, behindCommand, notes);
        } else if (from > 0) {
            notes.add("The file has no meta information.");
        }
        return readDataSet(bytes, meta, mostInflatedBytes, notes, hasMeta || from > 0);
    }

    private static DicomFile readDataSet(
            byte[] bytes, DataSetParser.Parsed meta, int mostInflatedBytes, ParseNotes notes, boolean isFile) {
        @Nullable
        String stated = meta.dataSet().string(Attribute.TRANSFER_SYNTAX_UID).orElse(null);
        @Nullable TransferSyntax syntax = stated == null ? null : TransferSyntax.of(stated);
        byte[] content = bytes;
        int from = meta.end();
        if (syntax == TransferSyntax.DEFLATED_EXPLICIT_LITTLE_ENDIAN) {
            if (FileStart.isExplicit(bytes, from)) {
                notes.add("The file's data set is not deflated, contrary to its transfer syntax; it was read.");
            } else {
                content = Inflation.inflate(bytes, from, mostInflatedBytes, notes);
                from = 0;
            }
        }
        from = behindCommand(content, from, notes);
        @Nullable Encoding found = FileStart.encoding(content, from);
        if (syntax == null) {
            if (isFile) {
                notes.add(
                        "The file does not state its transfer syntax, element %s; it was taken from its first element."
                                .formatted(Attribute.TRANSFER_SYNTAX_UID));
            }
            syntax = TransferSyntax.uncompressed(found == null ? Encoding.IMPLICIT_LITTLE : found);
        }
        Encoding encoding = syntax.encoding();
        if (found != null && !found.equals(encoding)) {
            notes.add("The file's data set has another encoding than its transfer syntax states; it was read.");
            encoding = found;
        }
        return new DicomFile(
                syntax,
                meta.dataSet().string(Attribute.MEDIA_STORAGE_SOP_INSTANCE_UID).orElse(null),
                meta.dataSet().string(Attribute.MEDIA_STORAGE_SOP_CLASS_UID).orElse(null),
                DataSetParser.parse(content, from, encoding, notes),
                notes.list());
    }

    /** Some files begin with the command that sent the image (PS3.7, annex E). */
    private static int behindCommand(byte[] bytes, int from, ParseNotes notes) {
        if (bytes.length - from < 8
                || FileStart.group(bytes, from) != COMMAND_GROUP
                || FileStart.isZeros(bytes, from)) {
            return from;
        }
        Encoding encoding = FileStart.isExplicit(bytes, from) ? Encoding.EXPLICIT_LITTLE : Encoding.IMPLICIT_LITTLE;
        int end = DataSetParser.parseGroup(bytes, from, encoding, COMMAND_GROUP, notes)
                .end();
        notes.add("The file has elements of a command, group 0000; they were ignored.");
        return end;
    }

    private static void noteWrongLength(DataSetParser.Parsed meta, int from, ParseNotes notes) {
        meta.dataSet().decimal(Attribute.FILE_META_INFORMATION_GROUP_LENGTH).ifPresent(length -> {
            if (length != meta.end() - from - GROUP_LENGTH) {
                notes.add("The file states a wrong length of its meta information; it was read.");
            }
        });
    }
}
