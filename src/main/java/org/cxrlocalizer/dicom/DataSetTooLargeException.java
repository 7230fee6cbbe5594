// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dicom;

/** A deflated data set inflates to more bytes than are taken. */
public final class DataSetTooLargeException extends RuntimeException {

    DataSetTooLargeException(int mostBytes) {
        super("The deflated data set has more than %d bytes.".formatted(mostBytes));
    }
}
