package org.cxrlocalizer.pacs.jobs;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.cxrlocalizer.dicom.DataSetTooLargeException;
import org.cxrlocalizer.dicom.DicomException;
import org.cxrlocalizer.dicom.DicomFile;
import org.cxrlocalizer.dicom.UnsupportedTransferSyntaxException;
import org.cxrlocalizer.dicom.documents.SourceImage;
import org.cxrlocalizer.dicom.documents.UnreferenceableImageException;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.pacs.PacsProperties;
import org.cxrlocalizer.pacs.dicomweb.DicomWebClient;
import org.cxrlocalizer.pacs.dicomweb.PacsException;
import org.cxrlocalizer.pacs.dicomweb.StudyInstance;
import org.cxrlocalizer.radiograph.ImageTooLargeException;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.radiograph.ReadOptions;
import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;
import org.cxrlocalizer.results.ResultKind;
import org.cxrlocalizer.results.ResultObjects;
import org.cxrlocalizer.results.ResultOptions;
import org.cxrlocalizer.serving.ServedModel;
import org.cxrlocalizer.serving.ServedModels;
import org.springframework.stereotype.Component;

/** Fetches one radiograph, localizes it and sends the results that its study lacks. */
@Component
@NotOnCommandLine
class ImageLocalizer {

    private static final ReadOptions FIRST_FRAME = new ReadOptions(true, 1, false);

    private final PacsProperties properties;
    private final RadiographReader reader;
    private final ServedModels models;
    private final ResultObjects results;

    ImageLocalizer(PacsProperties properties, RadiographReader reader, ServedModels models, ResultObjects results) {
        this.properties = properties;
        this.reader = reader;
        this.models = models;
        this.results = results;
    }

    /**
     * Localizes an image.
     *
     * @param present SOP Instance UIDs of the study's objects; those of the stored results are added
     * @return how many objects were stored, those that the study lacked
     * @throws RefusedImageException if the image is not to be localized
     * @throws PacsException if the PACS does not do its part, for this image or all
     * @throws org.cxrlocalizer.inference.InferenceRefusedException if the service has too much to do
     */
    int localize(DicomWebClient pacs, String studyUid, StudyInstance image, Set<String> present) {
        FetchedImage.checkListed(studyUid, image);
        try {
            return models.use(model -> complete(pacs, studyUid, image, present, model));
        } catch (NotAFrontalChestRadiographException e) {
            throw new RefusedImageException(e.reason().code(), e.statement());
        } catch (UnreadableImageException | DicomException e) {
            throw refusal(RefusalReason.UNREADABLE_IMAGE, e);
        } catch (ImageTooLargeException | DataSetTooLargeException e) {
            throw refusal(RefusalReason.IMAGE_TOO_LARGE, e);
        } catch (UnsupportedTransferSyntaxException e) {
            throw refusal(RefusalReason.UNSUPPORTED_TRANSFER_SYNTAX, e);
        } catch (UnreferenceableImageException e) {
            throw refusal(RefusalReason.UNREFERENCEABLE_IMAGE, e);
        }
    }

    private static RefusedImageException refusal(RefusalReason reason, RuntimeException cause) {
        return new RefusedImageException(reason, String.valueOf(cause.getMessage()));
    }

    private int complete(
            DicomWebClient pacs, String studyUid, StudyInstance image, Set<String> present, ServedModel model) {
        List<ResultKind> missing = properties.results().stream()
                .filter(kind -> !present.contains(uid(model, kind, image)))
                .sorted()
                .toList();
        if (missing.isEmpty()) {
            return 0;
        }
        List<byte[]> files;
        try {
            files = files(retrieved(() -> pacs.retrieve(studyUid, image)), studyUid, image, missing, model);
        } catch (UnsupportedTransferSyntaxException e) {
            files = files(retrieved(() -> pacs.retrieveUncompressed(studyUid, image)), studyUid, image, missing, model);
        }
        if (!files.isEmpty()) {
            pacs.store(studyUid, files);
            missing.forEach(kind -> present.add(uid(model, kind, image)));
        }
        return files.size();
    }

    /** What the PACS does not give of one image, it may give of the others. */
    private static byte[] retrieved(Supplier<byte[]> request) {
        try {
            return request.get();
        } catch (PacsException e) {
            if (e.isPassing() || e.isDenied()) {
                throw e;
            }
            throw refusal(RefusalReason.NOT_RETRIEVED, e);
        }
    }

    private String uid(ServedModel model, ResultKind kind, StudyInstance image) {
        return results.uid(model.manifest(), kind, image.sopInstanceUid(), ResultOptions.DEFAULT);
    }

    private List<byte[]> files(
            byte[] bytes, String studyUid, StudyInstance image, List<ResultKind> kinds, ServedModel model) {
        return model.classifier().admit(() -> {
            DicomFile file = reader.parse(bytes);
            SourceImage source = FetchedImage.check(studyUid, image, file);
            Radiograph radiograph = reader.read(bytes, file, FIRST_FRAME);
            requireChest(radiograph);
            Localization localization = model.localizer().localize(radiograph, ResultOptions.DEFAULT.request());
            return kinds.stream()
                    .filter(kind -> kind != ResultKind.PRESENTATION_STATE || source.isGrey())
                    .map(kind -> results.write(
                            model.classifier(), kind, source, radiograph, localization, ResultOptions.DEFAULT))
                    .toList();
        });
    }

    private void requireChest(Radiograph radiograph) {
        if (radiograph.isBlank()) {
            throw new RefusedImageException(RefusalReason.BLANK_IMAGE, "The image has one grey value only.");
        }
        if (properties.acceptUnsaid()) {
            return;
        }
        if (!radiograph.claims().chest()) {
            throw new RefusedImageException(
                    RefusalReason.CHEST_NOT_STATED,
                    "The file does not state that it shows a chest. With pacs.accept-unsaid=true it is localized.");
        }
        if (!radiograph.claims().frontal()) {
            throw new RefusedImageException(
                    RefusalReason.FRONTAL_NOT_STATED,
                    "The file does not state that it is a frontal view (PA or AP). With pacs.accept-unsaid=true it is"
                            + " localized.");
        }
    }
}
