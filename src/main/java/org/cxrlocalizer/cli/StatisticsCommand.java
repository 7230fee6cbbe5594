// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.cxrlocalizer.dataset.ChestXray14;
import org.cxrlocalizer.dataset.DatasetStatistics;
import org.cxrlocalizer.dataset.LabelStatistics;
import org.cxrlocalizer.dataset.LineProblem;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Prints how often each label occurs. */
@Command(name = "statistics", description = "Prints how often each label and pair of labels occurs in the dataset.")
final class StatisticsCommand implements Runnable {

    private static final int PROBLEMS_SHOWN = 20;

    private final Supplier<JsonMapper> json;
    private final PrintStream out = System.out;

    @Option(
            names = "--entries",
            required = true,
            paramLabel = "CSV",
            description = "Data_Entry_2017.csv, plain or gzip.")
    private Path entries = Path.of("");

    @Option(names = "--train-list", paramLabel = "TXT", description = "train_val_list.txt, plain or gzip.")
    private @Nullable Path trainList;

    @Option(names = "--test-list", paramLabel = "TXT", description = "test_list.txt, plain or gzip.")
    private @Nullable Path testList;

    @Option(names = "--json", description = "Prints all of it as JSON.")
    private boolean asJson;

    StatisticsCommand(Supplier<JsonMapper> json) {
        this.json = json;
    }

    @Override
    public void run() {
        DatasetStatistics statistics;
        try {
            statistics = DatasetStatistics.read(new FileSystemResource(entries), file(trainList), file(testList));
        } catch (IOException e) {
            throw new UnreadableFileException(e);
        }
        if (asJson) {
            out.println(json.get().writerWithDefaultPrettyPrinter().writeValueAsString(statistics));
        } else {
            print(statistics);
        }
    }

    private static @Nullable Resource file(@Nullable Path path) {
        return path == null ? null : new FileSystemResource(path);
    }

    private void print(DatasetStatistics statistics) {
        LabelStatistics all = statistics.all();
        out.printf(
                Locale.ROOT,
                "%,d images of %,d patients, %,d without a finding%n%n",
                all.images(),
                all.patients(),
                all.withoutFinding());
        out.println("Images by two labels that both occur; by a label and itself, with that label alone");
        out.printf("%-20s", "");
        ChestXray14.LABELS.forEach(label -> out.printf(" %6.6s", label));
        out.println("  total");
        all.together().forEach((label, row) -> {
            out.printf("%-20s", label);
            row.values().forEach(count -> out.printf(" %6d", count));
            out.printf(" %6d%n", all.totals().get(label));
        });
        statistics.groups().forEach((name, parts) -> {
            out.printf("%n%-20s", name);
            parts.keySet().forEach(part -> out.printf(" %12s", part));
            out.printf("%n%-20s", "images");
            parts.values().forEach(part -> out.printf(" %12d", part.images()));
            out.printf("%n%-20s", "patients");
            parts.values().forEach(part -> out.printf(" %12d", part.patients()));
            for (String label : ChestXray14.LABELS) {
                out.printf("%n%-20s", label);
                parts.values().forEach(part -> out.printf(" %12d", part.totals().get(label)));
            }
            out.println();
        });
        printProblems(statistics.problems());
    }

    private void printProblems(List<LineProblem> problems) {
        if (!problems.isEmpty()) {
            out.printf("%n%d problems%n", problems.size());
            problems.stream().limit(PROBLEMS_SHOWN).forEach(out::println);
            if (problems.size() > PROBLEMS_SHOWN) {
                out.printf("… and %d more%n", problems.size() - PROBLEMS_SHOWN);
            }
        }
    }
}
