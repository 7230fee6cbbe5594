// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.Optional;
import java.util.stream.Stream;
import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/** Refuses DICOM objects that are not images, and names what they are: reports, presentation states, directories, work lists. */
final class NoImage {

    private static final String DIRECTORY = "1.2.840.10008.1.3.10";

    private NoImage() {}

    /** @throws UnreadableImageException if the file holds no image */
    static void check(DicomFile file) {
        DataSet dataSet = file.dataSet();
        if (!dataSet.has(Attribute.PIXEL_DATA) && !dataSet.has(Attribute.ROWS)) {
            throw new UnreadableImageException("The DICOM file holds no image: %s.".formatted(what(file)));
        }
    }

    private static String what(DicomFile file) {
        DataSet dataSet = file.dataSet();
        Optional<String> sopClass = Stream.concat(
                        dataSet.string(Attribute.SOP_CLASS_UID).stream(), Stream.ofNullable(file.statedClass()))
                .findFirst();
        if (sopClass.filter(DIRECTORY::equals).isPresent() || dataSet.has(Attribute.DIRECTORY_RECORD_SEQUENCE)) {
            return "it is the directory of a medium (DICOMDIR)";
        }
        if (sopClass.isEmpty() && dataSet.has(Attribute.SCHEDULED_PROCEDURE_STEP_SEQUENCE)) {
            return "it is an entry of a work list";
        }
        return sopClass.flatMap(DeclaredDevice::nameOf)
                .map("it is of the SOP class %s, and has no pixel data"::formatted)
                .orElse("it has no pixel data, element %s".formatted(Attribute.PIXEL_DATA));
    }
}
