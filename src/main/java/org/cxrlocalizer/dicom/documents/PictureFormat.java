// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

import java.util.Locale;
import org.cxrlocalizer.dicom.TransferSyntax;

/** How the pixels of a secondary capture are written. */
public enum PictureFormat {
    /** Explicit little endian, which every PACS takes. */
    UNCOMPRESSED(TransferSyntax.EXPLICIT_LITTLE_ENDIAN),
    /** Run lengths, without loss; grey pictures with drawings shrink little. */
    RLE(TransferSyntax.RLE_LOSSLESS),
    /** JPEG baseline, with loss: a tenth of the size. */
    JPEG(TransferSyntax.JPEG_BASELINE);

    private final TransferSyntax syntax;

    PictureFormat(TransferSyntax syntax) {
        this.syntax = syntax;
    }

    public TransferSyntax syntax() {
        return syntax;
    }

    /** As in settings and parameters. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
