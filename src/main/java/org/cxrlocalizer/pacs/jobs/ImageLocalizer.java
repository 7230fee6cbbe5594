// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import org.cxrlocalizer.serving.ServedModel;
import org.cxrlocalizer.serving.ServedModels;
import org.cxrlocalizer.serving.UnservedModelException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
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
        properties.nodes().forEach((name, node) -> {
            if (node.model() != null && !models.names().contains(node.model())) {
                throw new InvalidConfigurationPropertyValueException(
                        "pacs.nodes.%s.model".formatted(name),
                        node.model(),
                        "No such model is served; there is %s.".formatted(String.join(", ", models.names())));
            }
        });
        this.properties = properties;
        this.reader = reader;
        this.models = models;
        this.results = results;
    }

    /** @throws PermanentFailureException if the model is not served any more */
    void requireServed(@Nullable String model) {
        try {
            models.requireServed(model);
        } catch (UnservedModelException e) {
            throw new PermanentFailureException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Localizes an image.
     *
     * @return how many objects were stored, those that the study lacked
     * @throws RefusedImageException if the image is not to be localized
     * @throws PacsException if the PACS does not do its part, for this image or all
     * @throws org.cxrlocalizer.inference.InferenceRefusedException if the service has too much to do
     * @throws RunEndedException if this run of the job must not go on
     */
    int localize(OpenStudy study, StudyInstance image) {
        FetchedImage.checkListed(study.uid(), image);
        try {
            return models.use(study.model(), model -> complete(study.forModel(model.manifest()), image, model));
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

    private int complete(OpenStudy study, StudyInstance image, ServedModel model) {
        List<ResultKind> missing = properties.results().stream()
                .filter(kind -> !study.present().contains(uid(study, model, kind, image)))
                .sorted()
                .toList();
        if (missing.isEmpty()) {
            return 0;
        }
        Map<String, byte[]> files = files(study, image, missing, model);
        if (!files.isEmpty()) {
            study.current().run();
            study.pacs().store(study.uid(), files);
            missing.forEach(kind -> study.present().add(uid(study, model, kind, image)));
        }
        return files.size();
    }

    /** An image that cannot be read as it is stored may be readable as the PACS decodes it, whatever the reason is. */
    private Map<String, byte[]> files(OpenStudy study, StudyInstance image, List<ResultKind> kinds, ServedModel model) {
        byte[] asStored = retrieved(() -> study.pacs().retrieve(study.uid(), image));
        study.current().run();
        RuntimeException unreadable;
        try {
            return files(asStored, study, image, kinds, model);
        } catch (UnsupportedTransferSyntaxException | UnreadableImageException | DicomException e) {
            unreadable = e;
        }
        byte[] uncompressed;
        try {
            uncompressed = retrieved(() -> study.pacs().retrieveUncompressed(study.uid(), image));
        } catch (RefusedImageException e) {
            // The PACS cannot decode it either: what is wrong with the stored file is more useful.
            throw unreadable;
        }
        study.current().run();
        return files(uncompressed, study, image, kinds, model);
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

    private String uid(OpenStudy study, ServedModel model, ResultKind kind, StudyInstance image) {
        return results.uid(model.manifest(), kind, image.sopInstanceUid(), study.options());
    }

    private Map<String, byte[]> files(
            byte[] bytes, OpenStudy study, StudyInstance image, List<ResultKind> kinds, ServedModel model) {
        return model.classifier().admit(() -> {
            DicomFile file = reader.parse(bytes);
            SourceImage source = FetchedImage.check(study.uid(), image, file);
            Radiograph radiograph = reader.read(bytes, file, FIRST_FRAME);
            requireChest(radiograph);
            Localization localization =
                    model.localizer().localize(radiograph, study.options().request());
            Map<String, byte[]> files = new LinkedHashMap<>();
            for (ResultKind kind : kinds) {
                if (kind != ResultKind.PRESENTATION_STATE || source.isGrey()) {
                    files.put(
                            uid(study, model, kind, image),
                            results.write(
                                    model.classifier(),
                                    kind,
                                    source,
                                    radiograph,
                                    localization,
                                    study.options(),
                                    study.requested()));
                }
            }
            return files;
        });
    }

    private void requireChest(Radiograph radiograph) {
        if (radiograph.showsNothing()) {
            throw new RefusedImageException(
                    RefusalReason.BLANK_IMAGE, "The image has one grey value only, or shows hardly anything else.");
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
