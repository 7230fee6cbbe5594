// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.cxrlocalizer.evaluation.DatasetFiles;
import org.cxrlocalizer.evaluation.EvaluatedModel;
import org.cxrlocalizer.evaluation.EvaluationOptions;
import org.cxrlocalizer.evaluation.EvaluationPlan;
import org.cxrlocalizer.evaluation.Evaluator;
import org.cxrlocalizer.evaluation.ResumeMode;
import org.cxrlocalizer.evaluation.ScoredImages;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.evaluation.scoring.Calibration;
import org.cxrlocalizer.evaluation.scoring.CalibrationFiles;
import org.cxrlocalizer.evaluation.scoring.CalibrationFit;
import org.cxrlocalizer.evaluation.scoring.ImagePrediction;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.ModelLoader;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelProperties;
import org.cxrlocalizer.radiograph.RadiographReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Chooses box policies for a model. */
@Command(
        name = "calibrate",
        description = {
            "Chooses a method and a box policy for each label on the images given, and writes them as the part 'boxes'",
            "of a model's manifest. An evaluation with these policies must leave the patients of these images out."
        })
final class CalibrateCommand implements Runnable {

    private final Supplier<ModelLoader> loader;
    private final Supplier<ModelProperties> properties;
    private final Supplier<RadiographReader> reader;
    private final PrintStream out = System.out;

    @Option(names = "--images", required = true, paramLabel = "DIR", description = "The images; subdirectories count.")
    private Path images = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where boxes.yaml and the images' list go.")
    private Path directory = Path.of("");

    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(names = "--method", paramLabel = "M", description = "May be repeated. Default: all of the model's.")
    private List<String> methods = List.of();

    @Option(names = "--resume", description = "Goes on with the predictions that lie in --out.")
    private boolean resume;

    @Mixin
    private final DatasetOptions dataset = new DatasetOptions();

    CalibrateCommand(
            Supplier<ModelLoader> loader, Supplier<ModelProperties> properties, Supplier<RadiographReader> reader) {
        this.loader = loader;
        this.properties = properties;
        this.reader = reader;
    }

    @Override
    public void run() {
        ModelLoader packages = loader.get().reproducible();
        try (Classifier classifier = model.load(packages, properties.get().name())) {
            calibrate(classifier);
        } catch (IOException e) {
            throw new UnreadableFileException(e);
        }
    }

    private void calibrate(Classifier classifier) throws IOException {
        DatasetFiles files = dataset.read();
        ModelManifest manifest = classifier.manifest();
        List<String> tried = methods.isEmpty()
                ? manifest.methods().available().stream()
                        .filter(method -> !method.isFittedOnBoxes())
                        .map(ModelManifest.Method::name)
                        .toList()
                : methods;
        BoxPolicy any = new BoxPolicy.Otsu(BoxPolicy.Selection.DEFAULT);
        EvaluationOptions options = new EvaluationOptions(tried, List.of(any), false, null, Bootstrap.DEFAULT);
        EvaluatedModel evaluated = EvaluatedModel.unobserved(classifier, reader.get());
        EvaluationPlan plan = EvaluationPlan.of(
                evaluated,
                files,
                images,
                List.of(),
                directory,
                evaluated.systems(options),
                options,
                Runtime.getRuntime().availableProcessors());
        Evaluator evaluator = new Evaluator(plan, files.truth(), evaluated);
        ScoredImages found = evaluator.images();
        found.leftOut().forEach(out::println);
        List<ImagePrediction> predictions = ImageProgress.shown(
                progress -> evaluator.run(found.files(), resume ? ResumeMode.CONTINUE : ResumeMode.REFUSE, progress));
        Calibration calibration = CalibrationFit.fit(predictions, files.truth(), tried);
        CalibrationFiles.write(calibration, directory, manifest.labels());
        out.println(calibration.summary());
        out.printf("Written to %s%n", directory);
    }
}
