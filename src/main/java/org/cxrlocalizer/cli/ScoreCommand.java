// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.cxrlocalizer.dataset.LineProblems;
import org.cxrlocalizer.evaluation.BoxListEvaluation;
import org.cxrlocalizer.evaluation.report.ReportSummary;
import org.cxrlocalizer.evaluation.scoring.EvaluationReport;
import org.cxrlocalizer.evaluation.scoring.ScoringGuard;
import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.cxrlocalizer.version.ProgramVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores the boxes of any system. */
@Command(
        name = "score",
        description = {
            "Scores the boxes of any system, without a model.",
            "Every image of the box list counts, or of --split: one without a predicted box is a miss."
        })
final class ScoreCommand implements Runnable {

    private final Supplier<ScoringMemory> memory;
    private final ProgramVersion version;
    private final PrintStream out = System.out;

    @ArgGroup(multiplicity = "1")
    private final Source source = new Source();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the report goes.")
    private Path directory = Path.of("");

    @Mixin
    private final LabelMapOption labelMap = new LabelMapOption();

    @Mixin
    private final DatasetOptions dataset = new DatasetOptions();

    @Mixin
    private final BootstrapOptions bootstrap = new BootstrapOptions();

    /** Lists of boxes, or finished evaluations. */
    private static final class Source {

        @ArgGroup(exclusive = false)
        private @Nullable Lists lists;

        @Option(
                names = "--compare",
                arity = "2..*",
                paramLabel = "DIR",
                description = {
                    "Finished evaluations of the same images and true boxes: the first system of the first one is",
                    "compared with each other in pairs, by their boxes."
                })
        private List<Path> runs = List.of();
    }

    private static final class Lists {

        @Option(
                names = "--predictions",
                required = true,
                paramLabel = "CSV",
                description = {
                    "A table with columns named Image Index, Finding Label, x, y, w, h (or x1, y1, x2, y2) and Score,",
                    "or COCO results; plain or gzip."
                })
        private Path predictions = Path.of("");

        @Option(
                names = "--against",
                paramLabel = "CSV",
                description = "The boxes of another system or model, compared with these in pairs.")
        private @Nullable Path against;
    }

    ScoreCommand(Supplier<ScoringMemory> memory, ProgramVersion version) {
        this.memory = memory;
        this.version = version;
    }

    @Override
    public void run() {
        try {
            BoxListEvaluation evaluation =
                    new BoxListEvaluation(version.value(), dataset.read(labelMap.file()), directory, memory.get());
            Lists lists = source.lists;
            EvaluationReport report = lists == null
                    ? evaluation.compare(source.runs, bootstrap.bootstrap(), ScoringGuard.NONE)
                    : evaluation.score(lists.predictions, lists.against, bootstrap.bootstrap(), ScoringGuard.NONE);
            out.println(ReportSummary.of(report));
            out.printf(
                    "%s lines could not be used%nWritten to %s%n",
                    report.problems().size() > LineProblems.KEPT
                            ? "more than " + LineProblems.KEPT
                            : report.problems().size(),
                    directory);
        } catch (IOException e) {
            throw new UnreadableFileException(e);
        }
    }
}
