// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.util.List;
import org.cxrlocalizer.comparison.ComparedLocalization;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.localization.ModelAgreement;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.reports.comparison.ReportComparison;
import org.cxrlocalizer.reports.documents.ReadReport;
import org.cxrlocalizer.security.Audit;
import org.cxrlocalizer.serving.ServedModel;
import org.cxrlocalizer.serving.ServedModels;
import org.cxrlocalizer.serving.ShadowRuns;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Answers a localization: one model or several localize an image, and each is compared with ground truth and report. */
@Component
class ImageAnswers {

    private final DatasetComparison dataset;
    private final ServedModels models;
    private final ShadowRuns shadow;
    private final Audit audit;

    ImageAnswers(DatasetComparison dataset, ServedModels models, ShadowRuns shadow, Audit audit) {
        this.dataset = dataset;
        this.models = models;
        this.shadow = shadow;
        this.audit = audit;
    }

    /**
     * The choices of a request about one image.
     *
     * @param imageIndex null for an image that has none
     * @param isNamed whether the caller gave the image index; otherwise it is the file's name
     * @param otherModels names of further models, in the order of the answer
     * @param onlyReported whether only labels that the report states as present get boxes; needs a report
     */
    record Choices(
            LocalizationRequest request,
            @Nullable String imageIndex,
            boolean isNamed,
            List<String> otherModels,
            @Nullable ReadReport report,
            boolean onlyReported,
            boolean includeMaps) {}

    private record LocalizedBy(Localization localization, LocalizationAnswer answer) {}

    /** Answers for a model that was admitted; further models are admitted here, one after the other. */
    LocalizationAnswer answer(ServedModel model, Radiograph radiograph, Choices choices) {
        LocalizedBy first = localize(model, radiograph, choices.request(), choices);
        List<LocalizedBy> others = choices.otherModels().stream()
                .map(name -> models.use(name, other -> {
                    ModelManifest manifest = other.manifest();
                    audit.model(manifest.name(), manifest.version(), manifest.packageSha256());
                    return localize(other, radiograph, other.fitted(choices.request()), choices);
                }))
                .toList();
        shadow.follow(radiograph, choices.request(), first.localization);
        audit.answer(first.answer.findings().size() + "-findings");
        return first.answer.withOthers(others.stream()
                .map(other -> OtherModel.of(other.answer, ModelAgreement.of(first.localization, other.localization)))
                .toList());
    }

    private LocalizedBy localize(
            ServedModel model, Radiograph radiograph, LocalizationRequest request, Choices choices) {
        Localization localization = model.localizer().localize(radiograph, request);
        ReadReport report = choices.report();
        if (choices.onlyReported() && report != null) {
            localization = ReportComparison.onlyReported(localization, report.labels());
        }
        ComparedLocalization compared = dataset.compare(model, localization, choices.imageIndex(), choices.isNamed());
        return new LocalizedBy(
                localization,
                LocalizationAnswer.of(
                        radiograph, model.manifest(), localization, compared, report, choices.includeMaps()));
    }
}
