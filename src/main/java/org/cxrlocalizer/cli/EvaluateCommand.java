// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.cxrlocalizer.dataset.ImageNames;
import org.cxrlocalizer.evaluation.DatasetFiles;
import org.cxrlocalizer.evaluation.EvaluatedModel;
import org.cxrlocalizer.evaluation.EvaluationOptions;
import org.cxrlocalizer.evaluation.EvaluationPlan;
import org.cxrlocalizer.evaluation.ModelEvaluation;
import org.cxrlocalizer.evaluation.ResumeMode;
import org.cxrlocalizer.evaluation.ScoredImages;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.report.ReportSummary;
import org.cxrlocalizer.evaluation.report.ReportedCase;
import org.cxrlocalizer.evaluation.scoring.EvaluationManifest;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.ModelLoader;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.model.ModelProperties;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.tables.WrittenReport;
import org.cxrlocalizer.version.ProgramVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores a model on a directory of images. */
@Command(
        name = "evaluate",
        description = {
            "Localizes every PNG, JPEG and DICOM image of a directory and scores the boxes against the ground truth.",
            "May be stopped at any time; --resume continues it. Images are identified by their names."
        })
final class EvaluateCommand implements Runnable {

    private final Supplier<ModelLoader> loader;
    private final Supplier<ModelProperties> properties;
    private final Supplier<RadiographReader> reader;
    private final Supplier<ScoringMemory> memory;
    private final Supplier<ReportLabeller> labeller;
    private final ProgramVersion version;
    private final PrintStream out = System.out;

    @Option(names = "--images", required = true, paramLabel = "DIR", description = "The images; subdirectories count.")
    private Path images = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where predictions and report go.")
    private Path directory = Path.of("");

    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(names = "--method", paramLabel = "M", description = "May be repeated. Default: the model's.")
    private List<String> methods = List.of();

    @Option(
            names = "--policy",
            paramLabel = "P",
            converter = PolicyConverter.class,
            description = "As the API's parameter, or a type alone as otsu. May be repeated. Default: the model's.")
    private List<BoxPolicy> policies = List.of();

    @Option(
            names = "--leave-out-calibration",
            description = "Leaves out the patients that the model's policies and methods were fitted on.")
    private boolean leaveOutCalibration;

    @Option(
            names = "--operating-point",
            paramLabel = "NAME",
            description =
                    "sensitive, balanced or specific: what decides which findings are positive. Default: the model's.")
    private @Nullable String operatingPoint;

    @Option(names = "--threads", paramLabel = "N", description = "Images at a time. Default: one for each processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--replay",
            paramLabel = "JSON",
            description = {
                "The manifest of a report: takes methods, policies, variant, seed and draws from it,",
                "and refuses if program, model, images or dataset files are others."
            })
    private @Nullable Path replay;

    @Option(
            names = "--reports",
            paramLabel = "CSV",
            description = {
                "The reports of images, a table as label-reports reads it: report.html then shows the texts of the",
                "first 100, their keywords, and where these were found. Nothing else has them."
            })
    private @Nullable Path reports;

    @Option(names = "--resume", description = "Goes on with the predictions that lie in --out.")
    private boolean resume;

    @Mixin
    private final LabelMapOption labelMap = new LabelMapOption();

    @Mixin
    private final DatasetOptions dataset = new DatasetOptions();

    @Mixin
    private final BootstrapOptions bootstrap = new BootstrapOptions();

    EvaluateCommand(
            Supplier<ModelLoader> loader,
            Supplier<ModelProperties> properties,
            Supplier<RadiographReader> reader,
            Supplier<ScoringMemory> memory,
            Supplier<ReportLabeller> labeller,
            ProgramVersion version) {
        this.loader = loader;
        this.properties = properties;
        this.reader = reader;
        this.memory = memory;
        this.labeller = labeller;
        this.version = version;
    }

    @Override
    public void run() {
        try {
            EvaluationManifest original = replay == null ? null : EvaluationManifest.read(replay);
            evaluate(original);
        } catch (IOException e) {
            throw new UnreadableFileException(e);
        }
    }

    private void evaluate(@Nullable EvaluationManifest original) throws IOException {
        EvaluationManifest.Model replayed = original == null ? null : original.model();
        String configured = replayed == null ? properties.get().name() : replayed.name();
        ModelLoader reproducible = loader.get().reproducible();
        ModelLoader models = replayed == null
                ? reproducible
                : reproducible.withVariant(replayed.variant().name());
        try (Classifier classifier = model.load(models, configured)) {
            evaluate(classifier, original);
        }
    }

    private void evaluate(Classifier classifier, @Nullable EvaluationManifest original) throws IOException {
        DatasetFiles files = dataset.read(labelMap.file());
        EvaluatedModel evaluated = EvaluatedModel.unobserved(classifier, reader.get());
        EvaluationOptions options = new EvaluationOptions(
                methods,
                policies,
                original == null ? leaveOutCalibration : original.leaveOutCalibration(),
                original == null ? operatingPoint : original.operatingPoint(),
                original == null ? bootstrap.bootstrap() : new Bootstrap(original.seed(), original.draws()));
        EvaluationPlan plan = EvaluationPlan.of(
                evaluated,
                files,
                images,
                List.of(),
                directory,
                original == null ? evaluated.systems(options) : original.systems(),
                options,
                threads);
        ModelEvaluation evaluation = new ModelEvaluation(version.value(), files, evaluated, plan, memory.get());
        ScoredImages found = evaluation.images();
        found.leftOut().forEach(out::println);
        List<WrittenReport> written = written(found);
        EvaluationReport report = ImageProgress.shown(progress -> evaluation.score(
                found.files(), original, resume ? ResumeMode.CONTINUE : ResumeMode.REFUSE, written, progress));
        out.println(ReportSummary.of(report));
        out.printf("Written to %s%n", directory);
    }

    /** Reads the reports before anything is localized, so that a table that cannot be read costs no time. */
    private List<WrittenReport> written(ScoredImages found) throws IOException {
        if (reports == null) {
            return List.of();
        }
        List<WrittenReport> written = WrittenReport.read(
                reports,
                labeller.get(),
                image -> found.files().containsKey(ImageNames.index(image)),
                ReportedCase.MOST);
        out.printf(Locale.ROOT, "%,d reports of images of this evaluation are shown%n", written.size());
        return written;
    }
}
