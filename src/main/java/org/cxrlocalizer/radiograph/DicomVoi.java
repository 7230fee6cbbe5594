package org.cxrlocalizer.radiograph;

/** Which of a DICOM file's own values-of-interest transformations shapes the grey levels. */
public enum DicomVoi {
    /** The first window, else the first table, of the file: what a viewer shows first. */
    FIRST,
    /** None: the whole range of values. */
    NONE
}
