// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.results;

import java.util.Locale;

/** The kind of a DICOM result object. */
public enum ResultKind {
    /** Findings, boxes and probabilities as data. */
    STRUCTURED_REPORT(9101, "Findings", 3),
    /** Boxes that a viewer draws over the image. */
    PRESENTATION_STATE(9102, "Boxes", 2),
    /** A picture with the heat map and boxes in it. */
    SECONDARY_CAPTURE(9103, "Heat map", 3);

    private final int seriesNumber;
    private final String title;
    private final int form;

    ResultKind(int seriesNumber, String title, int form) {
        this.seriesNumber = seriesNumber;
        this.title = title;
        this.form = form;
    }

    /** High, so that viewers list results behind images. */
    int seriesNumber() {
        return seriesNumber;
    }

    String title() {
        return title;
    }

    /**
     * What its UIDs are derived from: another one for each form that objects of this kind have had. A PACS may hold one of an
     * earlier form, and one UID must not stand for two contents.
     */
    String derivation() {
        return form == 1 ? code() : code() + " " + form;
    }

    /** As in addresses and settings: {@code structured-report}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
