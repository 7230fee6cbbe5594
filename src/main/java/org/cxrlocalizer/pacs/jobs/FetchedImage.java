// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import org.cxrlocalizer.dicom.Attribute;
import org.cxrlocalizer.dicom.DataSet;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.Uid;
import org.cxrlocalizer.dicom.documents.SourceImage;
import org.cxrlocalizer.pacs.dicomweb.StudyInstance;

/** What stands between a PACS's answers and results under the wrong study: UIDs are checked before and after fetching. */
final class FetchedImage {

    private FetchedImage() {}

    /** @throws RefusedImageException if an image cannot be requested by what the PACS lists */
    static void checkListed(String studyUid, StudyInstance image) {
        requireUid("SOP Instance UID", image.sopInstanceUid());
        requireUid("Series Instance UID", image.seriesUid());
        if (!image.studyUid().isEmpty() && !image.studyUid().equals(studyUid)) {
            throw new RefusedImageException(
                    RefusalReason.UID_MISMATCH,
                    "The PACS lists it with another Study Instance UID than the requested one.");
        }
    }

    private static void requireUid(String name, String uid) {
        if (!Uid.isValid(uid)) {
            throw new RefusedImageException(
                    RefusalReason.INVALID_UID,
                    uid.isEmpty()
                            ? "The PACS lists it without a %s.".formatted(name)
                            : "The PACS lists it with a %s that is not a UID.".formatted(name));
        }
    }

    /**
     * The image in a file, if it is the requested one.
     *
     * @throws RefusedImageException if it is another image, or no radiograph
     * @throws org.cxrlocalizer.dicom.DicomException if the file lacks the size of the image
     * @throws org.cxrlocalizer.dicom.documents.UnreferenceableImageException if documents cannot refer to it
     */
    static SourceImage check(String studyUid, StudyInstance requested, DicomFile file) {
        DataSet dataSet = file.dataSet();
        SourceImage image = new SourceImage(dataSet, 1);
        requireSame("Study Instance UID", studyUid, image.studyUid());
        requireSame("Series Instance UID", requested.seriesUid(), image.seriesUid());
        requireSame("SOP Instance UID", requested.sopInstanceUid(), image.sopInstanceUid());
        if (file.statedInstance() != null) {
            requireSame("Media Storage SOP Instance UID", requested.sopInstanceUid(), file.statedInstance());
        }
        if (!requested.sopClassUid().isEmpty()) {
            requireSame("SOP Class UID", requested.sopClassUid(), image.sopClassUid());
        }
        if (!Candidates.isRadiograph(
                image.sopClassUid(), dataSet.string(Attribute.MODALITY).orElse(""))) {
            throw new RefusedImageException(
                    RefusalReason.NOT_A_RADIOGRAPH, "Its SOP class and modality are not those of a radiograph.");
        }
        return image;
    }

    private static void requireSame(String name, String requested, String sent) {
        if (!requested.equals(sent)) {
            throw new RefusedImageException(
                    RefusalReason.UID_MISMATCH,
                    "The PACS sent a file with another %s than the requested one.".formatted(name));
        }
    }
}
