// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom.documents;

/** A document cannot refer to an image: it lacks an identifier, or is of a kind that such documents are not for. */
public class UnreferenceableImageException extends RuntimeException {

    UnreferenceableImageException(String message) {
        super(message);
    }
}
