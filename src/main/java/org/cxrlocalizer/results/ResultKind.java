package org.cxrlocalizer.results;

import java.util.Locale;

/** What kind of DICOM object says what was found. */
public enum ResultKind {
    /** Findings, boxes and probabilities as data. */
    STRUCTURED_REPORT(9101, "Findings"),
    /** Boxes that a viewer draws over the image. */
    PRESENTATION_STATE(9102, "Boxes"),
    /** A picture with the heat map and boxes in it. */
    SECONDARY_CAPTURE(9103, "Heat map");

    private final int seriesNumber;
    private final String title;

    ResultKind(int seriesNumber, String title) {
        this.seriesNumber = seriesNumber;
        this.title = title;
    }

    /** High, so that viewers list results behind images. */
    int seriesNumber() {
        return seriesNumber;
    }

    String title() {
        return title;
    }

    /** As in addresses and settings: {@code structured-report}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
