// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

import java.util.Map;

/** The transfer syntaxes that are read; three of them are written too (PS3.5, section 10; UIDs of PS3.6, annex A). */
public enum TransferSyntax {
    IMPLICIT_LITTLE_ENDIAN("1.2.840.10008.1.2", Compression.NONE),
    EXPLICIT_LITTLE_ENDIAN("1.2.840.10008.1.2.1", Compression.NONE),
    DEFLATED_EXPLICIT_LITTLE_ENDIAN("1.2.840.10008.1.2.1.99", Compression.NONE),
    EXPLICIT_BIG_ENDIAN("1.2.840.10008.1.2.2", Compression.NONE),
    JPEG_BASELINE("1.2.840.10008.1.2.4.50", Compression.JPEG),
    JPEG_EXTENDED("1.2.840.10008.1.2.4.51", Compression.JPEG),
    JPEG_LOSSLESS("1.2.840.10008.1.2.4.57", Compression.JPEG),
    JPEG_LOSSLESS_SV1("1.2.840.10008.1.2.4.70", Compression.JPEG),
    JPEG_LS_LOSSLESS("1.2.840.10008.1.2.4.80", Compression.JPEG_LS),
    JPEG_LS_NEAR_LOSSLESS("1.2.840.10008.1.2.4.81", Compression.JPEG_LS),
    JPEG_2000_LOSSLESS("1.2.840.10008.1.2.4.90", Compression.JPEG_2000),
    JPEG_2000("1.2.840.10008.1.2.4.91", Compression.JPEG_2000),
    RLE_LOSSLESS("1.2.840.10008.1.2.5", Compression.RLE);

    /** How the pixels are compressed. */
    public enum Compression {
        NONE,
        RLE,
        JPEG,
        JPEG_LS,
        JPEG_2000
    }

    /** Those that a caller most likely has, so that a refusal can name them. */
    private static final Map<String, String> NOT_READ = Map.ofEntries(
            Map.entry("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian"),
            Map.entry("1.2.840.10008.1.2.4.92", "JPEG 2000 Multi-component Lossless"),
            Map.entry("1.2.840.10008.1.2.4.93", "JPEG 2000 Multi-component"),
            Map.entry("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile"),
            Map.entry("1.2.840.10008.1.2.4.110", "JPEG XL Lossless"),
            Map.entry("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression"),
            Map.entry("1.2.840.10008.1.2.4.112", "JPEG XL"),
            Map.entry("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Lossless"),
            Map.entry("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 Lossless with RPCL"),
            Map.entry("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000"));

    private final String uid;
    private final Compression compression;

    TransferSyntax(String uid, Compression compression) {
        this.uid = uid;
        this.compression = compression;
    }

    /**
     * @throws UnsupportedTransferSyntaxException if it is another one
     * @throws DicomException if it is none at all
     */
    static TransferSyntax of(String uid) {
        for (TransferSyntax syntax : values()) {
            if (syntax.uid.equals(uid)) {
                return syntax;
            }
        }
        if (!uid.matches("[0-9.]{1,64}")) {
            throw new DicomException(
                    "The transfer syntax, element %s, is not a UID.".formatted(Attribute.TRANSFER_SYNTAX_UID));
        }
        String name = NOT_READ.get(uid);
        throw new UnsupportedTransferSyntaxException(name == null ? uid : "%s (%s)".formatted(name, uid));
    }

    /** Returns the transfer syntax of uncompressed pixels in an encoding. */
    static TransferSyntax uncompressed(Encoding encoding) {
        if (!encoding.explicit()) {
            return IMPLICIT_LITTLE_ENDIAN;
        }
        return encoding.equals(Encoding.EXPLICIT_BIG) ? EXPLICIT_BIG_ENDIAN : EXPLICIT_LITTLE_ENDIAN;
    }

    public String uid() {
        return uid;
    }

    public Compression compression() {
        return compression;
    }

    Encoding encoding() {
        return switch (this) {
            case IMPLICIT_LITTLE_ENDIAN -> Encoding.IMPLICIT_LITTLE;
            case EXPLICIT_BIG_ENDIAN -> Encoding.EXPLICIT_BIG;
            default -> Encoding.EXPLICIT_LITTLE;
        };
    }
}
