// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.zip.Deflater;

/** Writes small DICOM files for tests, in every encoding and with every freedom that PS3.5 gives. */
public final class DicomBuilder {

    private interface Content {

        /** Writes what stands behind the tag. */
        void write(Output output);
    }

    private static final class Output {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Encoding encoding;

        Output(Encoding encoding) {
            this.encoding = encoding;
        }

        void tag(int tag) {
            two(tag >>> 16);
            two(tag & 0xffff);
        }

        void two(int value) {
            bytes.writeBytes(ByteBuffer.allocate(2)
                    .order(encoding.order())
                    .putShort((short) value)
                    .array());
        }

        void four(int value) {
            bytes.writeBytes(
                    ByteBuffer.allocate(4).order(encoding.order()).putInt(value).array());
        }

        /** @param representation two letters */
        void header(String representation, int length) {
            if (!encoding.explicit()) {
                four(length);
                return;
            }
            bytes.writeBytes(representation.getBytes(StandardCharsets.US_ASCII));
            if (ValueRepresentation.of(representation.charAt(0), representation.charAt(1))
                    .hasShortLength()) {
                two(length);
            } else {
                two(0);
                four(length);
            }
        }
    }

    private final TreeMap<Integer, Content> elements = new TreeMap<>(Integer::compareUnsigned);

    /** An element of raw bytes. */
    public DicomBuilder add(int tag, String representation, byte[] value) {
        elements.put(tag, output -> {
            output.header(representation, value.length);
            output.bytes.writeBytes(value);
        });
        return this;
    }

    /** An element of characters, filled up to an even length. */
    public DicomBuilder add(Attribute attribute, String value) {
        String even = value
                + (value.length() % 2 == 0
                        ? ""
                        : attribute.representation().name().equals("UI") ? "\0" : " ");
        return add(attribute.tag(), attribute.representation().name(), even.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** An element of 16-bit numbers. */
    public DicomBuilder add(Attribute attribute, int... values) {
        return add(attribute, attribute.representation().name(), values);
    }

    public DicomBuilder add(Attribute attribute, String representation, int... values) {
        elements.put(attribute.tag(), output -> {
            output.header(representation, 2 * values.length);
            Arrays.stream(values).forEach(output::two);
        });
        return this;
    }

    /** With the identifiers of a digital X-ray image, which documents refer to. */
    public DicomBuilder identified() {
        return add(Attribute.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.1.1")
                .add(Attribute.SOP_INSTANCE_UID, "1.2.3.1")
                .add(Attribute.SERIES_INSTANCE_UID, "1.2.3.2")
                .add(Attribute.STUDY_INSTANCE_UID, "1.2.3.3");
    }

    public DicomBuilder without(Attribute attribute) {
        elements.remove(attribute.tag());
        return this;
    }

    public DicomBuilder sequence(Attribute attribute, DicomBuilder... items) {
        return sequence(attribute.tag(), "SQ", false, items);
    }

    public DicomBuilder sequence(int tag, String representation, boolean undefinedLength, DicomBuilder... items) {
        elements.put(tag, output -> {
            // Unknown sequences of undefined length hold implicit encoding wherever they are.
            Encoding inner = representation.equals("UN") ? Encoding.IMPLICIT_LITTLE : output.encoding;
            Output content = new Output(inner);
            for (DicomBuilder item : items) {
                byte[] elements = item.bytes(inner);
                content.tag(Attribute.ITEM.tag());
                content.four(undefinedLength ? -1 : elements.length);
                content.bytes.writeBytes(elements);
                if (undefinedLength) {
                    content.tag(Attribute.ITEM_DELIMITATION.tag());
                    content.four(0);
                }
            }
            if (undefinedLength) {
                content.tag(Attribute.SEQUENCE_DELIMITATION.tag());
                content.four(0);
            }
            output.header(representation, undefinedLength ? -1 : content.bytes.size());
            output.bytes.writeBytes(content.bytes.toByteArray());
        });
        return this;
    }

    /** Encapsulated pixel data. */
    public DicomBuilder fragments(int[] offsetTable, byte[]... parts) {
        elements.put(Attribute.PIXEL_DATA.tag(), output -> {
            output.header("OB", -1);
            output.tag(Attribute.ITEM.tag());
            output.four(4 * offsetTable.length);
            Arrays.stream(offsetTable).forEach(output::four);
            for (byte[] part : parts) {
                output.tag(Attribute.ITEM.tag());
                output.four(part.length + part.length % 2);
                output.bytes.writeBytes(Arrays.copyOf(part, part.length + part.length % 2));
            }
            output.tag(Attribute.SEQUENCE_DELIMITATION.tag());
            output.four(0);
        });
        return this;
    }

    byte[] bytes(Encoding encoding) {
        Output output = new Output(encoding);
        elements.forEach((tag, content) -> {
            output.tag(tag);
            content.write(output);
        });
        return output.bytes.toByteArray();
    }

    /** A data set without preamble and meta information. */
    public byte[] bare(TransferSyntax syntax) {
        return bytes(syntax.encoding());
    }

    public byte[] file(TransferSyntax syntax) {
        byte[] dataSet = bytes(syntax.encoding());
        return file(
                syntax.uid(),
                syntax == TransferSyntax.DEFLATED_EXPLICIT_LITTLE_ENDIAN ? deflated(dataSet, true) : dataSet);
    }

    /** A file of a data set that is encoded already. */
    public static byte[] file(String transferSyntax, byte[] dataSet) {
        return file(transferSyntax, new DicomBuilder(), dataSet);
    }

    /** @param meta elements of the meta information besides the transfer syntax */
    public static byte[] file(String transferSyntax, DicomBuilder meta, byte[] dataSet) {
        Output output = new Output(Encoding.EXPLICIT_LITTLE);
        output.bytes.writeBytes(new byte[128]);
        output.bytes.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        byte[] syntax = meta.add(Attribute.TRANSFER_SYNTAX_UID, transferSyntax).bytes(Encoding.EXPLICIT_LITTLE);
        byte[] length = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(syntax.length)
                .array();
        output.bytes.writeBytes(new DicomBuilder().add(0x00020000, "UL", length).bytes(Encoding.EXPLICIT_LITTLE));
        output.bytes.writeBytes(syntax);
        output.bytes.writeBytes(dataSet);
        return output.bytes.toByteArray();
    }

    /** @param raw whether there are no header and check sum of zlib, as in DICOM */
    public static byte[] deflated(byte[] bytes, boolean raw) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, raw);
        deflater.setInput(bytes);
        deflater.finish();
        byte[] block = new byte[bytes.length + 100];
        int length = deflater.deflate(block);
        deflater.end();
        return Arrays.copyOf(block, length + length % 2);
    }
}
