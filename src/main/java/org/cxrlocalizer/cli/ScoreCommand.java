package org.cxrlocalizer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cxrlocalizer.dataset.LineProblem;
import org.cxrlocalizer.dataset.Parsed;
import org.cxrlocalizer.dataset.PredictedBoxList;
import org.cxrlocalizer.dataset.PredictedBoxList.PredictedBox;
import org.cxrlocalizer.evaluation.EvaluationManifest;
import org.cxrlocalizer.evaluation.EvaluationReport;
import org.cxrlocalizer.evaluation.ForeignBoxes;
import org.cxrlocalizer.evaluation.ImagePrediction;
import org.cxrlocalizer.evaluation.ReportFiles;
import org.cxrlocalizer.evaluation.Scoring;
import org.cxrlocalizer.evaluation.Sha256;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.core.io.FileSystemResource;
import org.springframework.stereotype.Component;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores the boxes of any system. */
@Component
@Command(
        name = "score",
        description = {
            "Scores the boxes of any system, without a model.",
            "Every image of the box list counts, or of --split: one without a predicted box is a miss."
        })
final class ScoreCommand implements Runnable {

    private final String version;
    private final PrintStream out = System.out;

    @Option(
            names = "--predictions",
            required = true,
            paramLabel = "CSV",
            description = "Image Index,Finding Label,Bbox [x,y,w,h],Score; maybe gzip.")
    private Path predictions = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the report goes.")
    private Path directory = Path.of("");

    @Mixin
    private final DatasetOptions dataset = new DatasetOptions();

    @Mixin
    private final BootstrapOptions bootstrap = new BootstrapOptions();

    ScoreCommand(ObjectProvider<BuildProperties> build) {
        BuildProperties properties = build.getIfAvailable();
        version = properties == null ? "unknown" : String.valueOf(properties.getVersion());
    }

    @Override
    public void run() {
        try {
            DatasetOptions.Files files = dataset.read();
            Parsed<List<PredictedBox>> parsed = PredictedBoxList.read(new FileSystemResource(predictions));
            List<LineProblem> problems = files.problems();
            problems.addAll(parsed.problems());
            Set<String> images = files.onlyImages().isEmpty() ? files.truth().images() : files.onlyImages();
            List<ImagePrediction> found = ForeignBoxes.of(parsed.content(), images);
            Map<String, String> inputs = new TreeMap<>(files.sha256());
            inputs.put("predictions", Sha256.of(predictions));
            Bootstrap draws = bootstrap.bootstrap();
            EvaluationManifest manifest = EvaluationManifest.ofForeignBoxes(version, inputs, found, draws);
            EvaluationReport report = Scoring.report(
                    new Scoring.Inputs(manifest, files.truth(), Map.of(), files.entries(), Map.of(), problems), found);
            ReportFiles.write(directory, report, files.truth(), found, null);
            out.println(ReportFiles.summary(report));
            out.printf(
                    "%d boxes on images that are not scored%nWritten to %s%n",
                    parsed.content().stream()
                            .filter(box -> !images.contains(box.imageIndex()))
                            .count(),
                    directory);
        } catch (IOException e) {
            throw new UnreadableFileException(e);
        }
    }
}
