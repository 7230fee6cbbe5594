// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.dicom;

/** Which values of interest shape the grey levels of a DICOM file (PS3.3, section C.11.2). */
public enum DicomVoi {
    /** The first window, else the first table, of the file: what a viewer shows first. */
    FIRST(true, true),
    /** The first window, linear or sigmoid as in the file. */
    WINDOW(true, false),
    /** The first table. */
    TABLE(false, true),
    /** None: the whole range of values. */
    NONE(false, false);

    private final boolean window;
    private final boolean table;

    DicomVoi(boolean window, boolean table) {
        this.window = window;
        this.table = table;
    }

    boolean takesWindow() {
        return window;
    }

    boolean takesTable() {
        return table;
    }
}
