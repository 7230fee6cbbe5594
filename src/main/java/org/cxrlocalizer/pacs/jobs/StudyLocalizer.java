package org.cxrlocalizer.pacs.jobs;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cxrlocalizer.dicom.DicomException;
import org.cxrlocalizer.dicom.UnsupportedTransferSyntaxException;
import org.cxrlocalizer.dicom.documents.SourceImage;
import org.cxrlocalizer.dicom.documents.UnreferenceableImageException;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.ServedModel;
import org.cxrlocalizer.localization.ServedModels;
import org.cxrlocalizer.pacs.PacsProperties;
import org.cxrlocalizer.pacs.ResultKind;
import org.cxrlocalizer.pacs.ResultObjects;
import org.cxrlocalizer.pacs.ResultOptions;
import org.cxrlocalizer.pacs.dicomweb.DicomWebClient;
import org.cxrlocalizer.pacs.dicomweb.PacsNodes;
import org.cxrlocalizer.pacs.dicomweb.StudyInstance;
import org.cxrlocalizer.radiograph.ImageTooLargeException;
import org.cxrlocalizer.radiograph.NotAFrontalChestRadiographException;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.radiograph.ReadOptions;
import org.cxrlocalizer.radiograph.UnreadableImageException;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Lists a study, fetches its radiographs, localizes them and sends the results. What the study has already is not made again:
 * a result's SOP Instance UID says whose it is, so that this may stop anywhere and be begun anew.
 */
@Component
@Profile("!command-line")
class StudyLocalizer {

    private static final ReadOptions FIRST_FRAME = new ReadOptions(true, 1, false);

    private final PacsNodes nodes;
    private final PacsProperties properties;
    private final PacsJobStore store;
    private final RadiographReader reader;
    private final ServedModels models;
    private final ResultObjects results;

    StudyLocalizer(
            PacsNodes nodes,
            PacsProperties properties,
            PacsJobStore store,
            RadiographReader reader,
            ServedModels models,
            ResultObjects results) {
        this.nodes = nodes;
        this.properties = properties;
        this.store = store;
        this.reader = reader;
        this.models = models;
        this.results = results;
    }

    /**
     * @throws PermanentFailureException if there is nothing that could be localized
     * @throws org.cxrlocalizer.pacs.dicomweb.PacsException if the PACS does not play its part
     * @throws org.cxrlocalizer.model.InferenceRefusedException if the service has too much to do
     */
    void localize(PacsJob job) {
        DicomWebClient pacs = nodes.find(job.node())
                .orElseThrow(() -> new PermanentFailureException("The PACS is not configured any more."));
        List<StudyInstance> instances = pacs.instances(job.studyUid());
        if (instances.isEmpty()) {
            throw new PermanentFailureException("The PACS has no such study.");
        }
        List<StudyInstance> images =
                instances.stream().filter(Candidates::mayBeRadiograph).toList();
        if (images.isEmpty()) {
            throw new PermanentFailureException("The study has no radiograph.");
        }
        Set<String> present = new HashSet<>();
        instances.forEach(instance -> present.add(instance.sopInstanceUid()));
        int done = 0;
        int refused = 0;
        int stored = 0;
        while (store.progress(job.id(), images.size(), done, refused, stored) && done < images.size()) {
            StudyInstance image = images.get(done);
            stored = 0;
            try {
                stored = models.use(model -> complete(job, pacs, image, present, model));
            } catch (NotAFrontalChestRadiographException
                    | UnreadableImageException
                    | ImageTooLargeException
                    | DicomException
                    | UnsupportedTransferSyntaxException
                    | UnreferenceableImageException e) {
                refused++;
            }
            done++;
        }
        if (refused == images.size()) {
            throw new PermanentFailureException(
                    "None of the study's %d radiographs is a frontal one of a chest that can be read."
                            .formatted(refused));
        }
    }

    /** @return how many objects were stored, those that the study lacked */
    private int complete(
            PacsJob job, DicomWebClient pacs, StudyInstance image, Set<String> present, ServedModel model) {
        List<ResultKind> missing = properties.results().stream()
                .filter(kind -> !present.contains(
                        results.uid(model.manifest(), kind, image.sopInstanceUid(), ResultOptions.DEFAULT)))
                .sorted()
                .toList();
        if (missing.isEmpty()) {
            return 0;
        }
        List<byte[]> files = files(job, pacs, image, missing, model);
        if (!files.isEmpty()) {
            pacs.store(job.studyUid(), files);
        }
        return files.size();
    }

    private List<byte[]> files(
            PacsJob job, DicomWebClient pacs, StudyInstance image, List<ResultKind> kinds, ServedModel model) {
        try {
            return files(pacs.retrieve(job.studyUid(), image), kinds, model);
        } catch (UnsupportedTransferSyntaxException e) {
            return files(pacs.retrieveUncompressed(job.studyUid(), image), kinds, model);
        }
    }

    private List<byte[]> files(byte[] bytes, List<ResultKind> kinds, ServedModel model) {
        return model.admit(() -> {
            Radiograph radiograph = reader.read(bytes, FIRST_FRAME);
            SourceImage source = results.source(bytes, radiograph, FIRST_FRAME.frame());
            Localization localization = model.localizer().localize(radiograph, ResultOptions.DEFAULT.request());
            return kinds.stream()
                    .filter(kind -> kind != ResultKind.PRESENTATION_STATE || source.isGrey())
                    .map(kind -> results.write(
                            model.classifier(), kind, source, radiograph, localization, ResultOptions.DEFAULT))
                    .toList();
        });
    }
}
