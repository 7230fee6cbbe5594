// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import org.cxrlocalizer.reports.LabelPolicy;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.tables.ReportTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Labels the reports of a table. */
@Command(
        name = "label-reports",
        description = {
            "Labels the reports of a table, line by line, without a model.",
            "The output is what evaluate --labels reads, if the images have the names of the dataset."
        })
final class LabelReportsCommand implements Runnable {

    private final Supplier<ReportLabeller> labeller;
    private final PrintStream out = System.out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--in",
            required = true,
            paramLabel = "CSV",
            description = {
                "Reports with a column named Image Index (or id), and columns named findings and impression,",
                "indication and comparison if there are, or one named text; plain or gzip."
            })
    private Path input = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "CSV", description = "Where the labels go.")
    private Path output = Path.of("");

    @Option(
            names = "--positives",
            paramLabel = "certain|uncertain-too",
            description = "Which labels an image has. Default: those that its report states for certain.")
    private String positives = "certain";

    LabelReportsCommand(Supplier<ReportLabeller> labeller) {
        this.labeller = labeller;
    }

    @Override
    public void run() {
        try {
            LabelPolicy policy = LabelPolicy.named(positives)
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(), "--positives must be 'certain' or 'uncertain-too'."));
            long reports = new ReportTable(labeller.get(), policy).label(input, output);
            out.printf(Locale.ROOT, "%,d reports labelled%nWritten to %s%n", reports, output);
        } catch (IOException e) {
            throw new UnreadableFileException(e);
        }
    }
}
