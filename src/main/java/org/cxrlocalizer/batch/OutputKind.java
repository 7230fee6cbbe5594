// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.batch;

import org.cxrlocalizer.results.ResultKind;
import org.jspecify.annotations.Nullable;

/** What is written of an image. No ending is the end of another one, so that the outputs of two images never share a name. */
public enum OutputKind {
    /** The answer of the API. */
    JSON(".json", null),
    /** A line for each box, and for each finding without boxes. */
    CSV(".findings.csv", null),
    /** The picture of a secondary capture, as a PNG. */
    OVERLAY(".overlay.png", null),
    /** A DICOM structured report. */
    SR(".sr.dcm", ResultKind.STRUCTURED_REPORT),
    /** A DICOM presentation state. */
    PR(".pr.dcm", ResultKind.PRESENTATION_STATE),
    /** A DICOM secondary capture. */
    SC(".sc.dcm", ResultKind.SECONDARY_CAPTURE);

    private final String ending;
    private final @Nullable ResultKind result;

    OutputKind(String ending, @Nullable ResultKind result) {
        this.ending = ending;
        this.result = result;
    }

    String ending() {
        return ending;
    }

    /** Returns which DICOM object it is; null where it is none. */
    @Nullable
    ResultKind result() {
        return result;
    }

    boolean isDrawn() {
        return this == OVERLAY || this == SC;
    }
}
