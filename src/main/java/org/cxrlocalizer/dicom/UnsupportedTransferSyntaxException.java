// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

/** The pixels are encoded in a way that is not read; the message names the encoding, and how to request another. */
public final class UnsupportedTransferSyntaxException extends RuntimeException {

    /** @param name of the encoding, with its UID */
    public UnsupportedTransferSyntaxException(String name) {
        super(
                ("The transfer syntax %s is not read. Request another one from the PACS, as Explicit VR Little Endian: by DICOMweb"
                                + " with Accept: multipart/related; type=\"application/dicom\"; transfer-syntax=%s, by C-GET or"
                                + " C-MOVE with no other transfer syntax proposed.")
                        .formatted(name, TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid()));
    }
}
