// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.dicomweb;

import java.util.List;
import java.util.Map;
import org.cxrlocalizer.dicom.TransferSyntax;
import org.cxrlocalizer.dicom.Uid;
import org.cxrlocalizer.pacs.dicomweb.DicomWebConnection.Answer;

/** The DICOMweb services of one PACS: QIDO-RS, WADO-RS, STOW-RS (PS3.18, section 10). */
public final class DicomWebClient {

    static final String DICOM_JSON = "application/dicom+json";

    private static final String ACCEPT = "Accept";
    private static final String DICOM_FILE = "multipart/related; type=\"%s\"".formatted(MultipartRelated.DICOM);
    private static final String TRANSFER_SYNTAX = DICOM_FILE + "; transfer-syntax=%s";
    private static final String AS_STORED = TRANSFER_SYNTAX.formatted("*");
    private static final String UNCOMPRESSED = TRANSFER_SYNTAX.formatted(TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid());

    private static final int NOT_ACCEPTABLE = 406;
    private static final long LONGEST_STORE_ANSWER = 1L << 20;

    private final DicomWebConnection connection;
    private final long largestFile;

    DicomWebClient(DicomWebConnection connection, long largestFile) {
        this.connection = connection;
        this.largestFile = largestFile;
    }

    /**
     * Lists what a study has, as the PACS lists it: UIDs may be missing, or none.
     *
     * @return nothing if the PACS does not have the study
     * @throws PacsException if the PACS cannot be queried, or does not give the whole list
     */
    public List<StudyInstance> instances(String studyUid) {
        return new InstanceQuery(connection, studyUid).all();
    }

    /**
     * Fetches an object as it is stored, or as the PACS gives it where it refuses that.
     *
     * @throws PacsException if the PACS does not give it
     */
    public byte[] retrieve(String studyUid, StudyInstance instance) {
        Answer asStored = request(studyUid, instance, AS_STORED);
        return file(asStored.status() == NOT_ACCEPTABLE ? request(studyUid, instance, DICOM_FILE) : asStored);
    }

    /**
     * Fetches an object with its pixels uncompressed.
     *
     * @throws PacsException if the PACS does not give it
     */
    public byte[] retrieveUncompressed(String studyUid, StudyInstance instance) {
        return file(request(studyUid, instance, UNCOMPRESSED));
    }

    /** One transfer syntax only: Orthanc 1.10 answers a list of acceptable ones with an error. */
    private Answer request(String studyUid, StudyInstance instance, String accepted) {
        if (!Uid.isValid(instance.seriesUid()) || !Uid.isValid(instance.sopInstanceUid())) {
            throw new IllegalArgumentException("an address is made of UIDs only");
        }
        return connection.send(
                "retrieve",
                "/studies/%s/series/%s/instances/%s"
                        .formatted(studyUid, instance.seriesUid(), instance.sopInstanceUid()),
                Map.of(ACCEPT, accepted),
                null,
                largestFile);
    }

    private static byte[] file(Answer answer) {
        if (!answer.isSuccess()) {
            throw new PacsException(answer.status());
        }
        return MultipartRelated.file(answer.contentType(), answer.body());
    }

    /**
     * Sends objects.
     *
     * @param files by SOP Instance UID
     * @throws PacsException if the PACS does not take all of them
     */
    public void store(String studyUid, Map<String, byte[]> files) {
        MultipartRelated.Message message = MultipartRelated.of(List.copyOf(files.values()));
        Answer answer = connection.send(
                "store",
                "/studies/" + studyUid,
                Map.of(ACCEPT, DICOM_JSON, "Content-Type", message.contentType()),
                message.body(),
                LONGEST_STORE_ANSWER);
        StoreAnswer.requireStored(answer, files.keySet());
    }
}
