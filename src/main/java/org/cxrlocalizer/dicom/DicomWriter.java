// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes data sets of {@link DataSetBuilder} as DICOM files in explicit little endian encoding, with pixels as they are there
 * (PS3.10, section 7.1).
 */
public final class DicomWriter {

    /** Ours, made once from a random UUID (PS3.5, annex B.2). */
    private static final String IMPLEMENTATION_CLASS = "2.25.164809366884330646135244734800832985349";

    private static final String IMPLEMENTATION_VERSION = "CXR_LOCALIZER";
    private static final int GROUP_LENGTH = 0x00020000;
    private static final int PREAMBLE = 128;
    private static final int UNDEFINED_LENGTH = 0xffffffff;

    private final ByteArrayOutputStream output;

    private DicomWriter(int size) {
        output = new ByteArrayOutputStream(size);
    }

    /**
     * Writes a file without compressed pixels.
     *
     * @throws DicomException if the data set lacks its SOP class or SOP instance
     */
    public static byte[] write(DataSet dataSet) {
        return write(dataSet, TransferSyntax.EXPLICIT_LITTLE_ENDIAN);
    }

    /**
     * Writes a file.
     *
     * @param syntax what the pixels are compressed by
     * @throws DicomException if the data set lacks its SOP class or SOP instance
     */
    public static byte[] write(DataSet dataSet, TransferSyntax syntax) {
        if (!syntax.encoding().equals(Encoding.EXPLICIT_LITTLE)) {
            throw new IllegalArgumentException("files are written in explicit little endian only");
        }
        byte[] body = bytes(dataSet);
        byte[] meta = bytes(new DataSetBuilder()
                .bytes(Attribute.FILE_META_INFORMATION_VERSION, new byte[] {0, 1})
                .text(Attribute.MEDIA_STORAGE_SOP_CLASS_UID, dataSet.requiredString(Attribute.SOP_CLASS_UID))
                .text(Attribute.MEDIA_STORAGE_SOP_INSTANCE_UID, dataSet.requiredString(Attribute.SOP_INSTANCE_UID))
                .text(Attribute.TRANSFER_SYNTAX_UID, syntax.uid())
                .text(Attribute.IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_CLASS)
                .text(Attribute.IMPLEMENTATION_VERSION_NAME, IMPLEMENTATION_VERSION)
                .build());
        DicomWriter writer = new DicomWriter(PREAMBLE + 4 + 12 + meta.length + body.length);
        writer.output.writeBytes(new byte[PREAMBLE]);
        writer.output.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        writer.header(GROUP_LENGTH, ValueRepresentation.UL, 4);
        writer.four(meta.length);
        writer.output.writeBytes(meta);
        writer.output.writeBytes(body);
        return writer.output.toByteArray();
    }

    private static byte[] bytes(DataSet dataSet) {
        DicomWriter writer = new DicomWriter(1 << 12);
        dataSet.elements().forEach(writer::element);
        return writer.output.toByteArray();
    }

    private void element(int tag, Element element) {
        if (element instanceof Element.Value value) {
            ByteBuffer content = value.content();
            header(tag, value.representation(), content.limit());
            output.write(content.array(), content.arrayOffset(), content.limit());
        } else if (element instanceof Element.Sequence sequence) {
            DicomWriter items = new DicomWriter(1 << 12);
            for (DataSet item : sequence.items()) {
                byte[] bytes = bytes(item);
                items.tag(Attribute.ITEM.tag());
                items.four(bytes.length);
                items.output.writeBytes(bytes);
            }
            header(tag, ValueRepresentation.SQ, items.output.size());
            output.writeBytes(items.output.toByteArray());
        } else if (element instanceof Element.Fragments fragments) {
            header(tag, ValueRepresentation.OB, UNDEFINED_LENGTH);
            item(fragments.offsetTable());
            fragments.parts().forEach(this::item);
            tag(Attribute.SEQUENCE_DELIMITATION.tag());
            four(0);
        }
    }

    private void item(ByteBuffer content) {
        tag(Attribute.ITEM.tag());
        four(content.limit());
        output.write(content.array(), content.arrayOffset(), content.limit());
    }

    private void header(int tag, ValueRepresentation representation, int length) {
        tag(tag);
        output.writeBytes(representation.name().getBytes(StandardCharsets.US_ASCII));
        if (representation.hasShortLength()) {
            if (length > 0xffff) {
                throw new IllegalArgumentException("%s is too long".formatted(Attribute.format(tag)));
            }
            two(length);
        } else {
            two(0);
            four(length);
        }
    }

    private void tag(int tag) {
        two(tag >>> 16);
        two(tag & 0xffff);
    }

    private void two(int value) {
        output.write(value);
        output.write(value >>> 8);
    }

    private void four(int value) {
        output.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }
}
