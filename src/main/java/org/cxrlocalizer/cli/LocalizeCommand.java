// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.cxrlocalizer.batch.FolderLocalizer;
import org.cxrlocalizer.batch.FolderRequest;
import org.cxrlocalizer.batch.FolderResult;
import org.cxrlocalizer.batch.OutputKind;
import org.cxrlocalizer.evaluation.EvaluatedModel;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.ModelLoader;
import org.cxrlocalizer.localization.BoxPolicy;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.model.ModelProperties;
import org.cxrlocalizer.model.OperatingPoint;
import org.cxrlocalizer.radiograph.ImageMemory;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.radiograph.ReadOptions;
import org.cxrlocalizer.results.ResultObjects;
import org.cxrlocalizer.results.ResultOptions;
import org.cxrlocalizer.version.ProgramVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Localizes the images of a directory into another one. */
@Command(
        name = "localize",
        description = {
            "Localizes every PNG, JPEG and DICOM image of a directory, and writes what it found into another one.",
            "May be stopped at any time: the same command resumes, and localizes again only the images that changed.",
            "An image that fails is reported with its reason and does not end the run; the exit code is 3 then."
        })
final class LocalizeCommand implements Callable<Integer> {

    /** Exit code of a run in which images failed. */
    static final int SOME_FAILED = 3;

    private static final int FAILURES_SHOWN = 20;

    /** Names of files, which anyone may have chosen, must not control the terminal. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Supplier<ModelLoader> loader;
    private final Supplier<ModelProperties> properties;
    private final Supplier<RadiographReader> reader;
    private final Supplier<ImageMemory> memory;
    private final Supplier<ResultObjects> results;
    private final Supplier<JsonMapper> json;
    private final ProgramVersion version;
    private final PrintStream out = System.out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--in", required = true, paramLabel = "DIR", description = "The images; subdirectories count.")
    private Path input = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Where the outputs go, in the same subdirectories, and summary.csv.")
    private Path output = Path.of("");

    @Option(
            names = "--write",
            split = ",",
            paramLabel = "KIND",
            description = {
                "What is written of each image, separated by commas: json (the API's answer), csv (a line a box),",
                "overlay (a PNG), sr, pr, sc (DICOM report, presentation state, secondary capture). Default: json."
            })
    private List<OutputKind> kinds = List.of(OutputKind.JSON);

    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(names = "--method", paramLabel = "M", description = "Default: the model's.")
    private @Nullable String method;

    @Option(
            names = "--policy",
            paramLabel = "P",
            converter = PolicyConverter.class,
            description = "As the API's parameter, or a type alone as otsu. Default: the model's.")
    private @Nullable BoxPolicy policy;

    @Option(
            names = "--operating-point",
            paramLabel = "sensitive|balanced|specific",
            description = "Which cut-offs decide what is positive. Default: specific, if the model has it.")
    private @Nullable OperatingPoint operatingPoint;

    @Option(
            names = "--force",
            description = "Reads DICOM files, too, that state that they are not a frontal chest radiograph.")
    private boolean force;

    @Option(names = "--threads", paramLabel = "N", description = "Images at a time. Default: one for each processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    LocalizeCommand(
            Supplier<ModelLoader> loader,
            Supplier<ModelProperties> properties,
            Supplier<RadiographReader> reader,
            Supplier<ImageMemory> memory,
            Supplier<ResultObjects> results,
            Supplier<JsonMapper> json,
            ProgramVersion version) {
        this.loader = loader;
        this.properties = properties;
        this.reader = reader;
        this.memory = memory;
        this.results = results;
        this.json = json;
        this.version = version;
    }

    @Override
    public Integer call() throws IOException {
        if (threads < 1) {
            throw new ParameterException(spec.commandLine(), "--threads must be at least 1.");
        }
        Path images = input.toRealPath();
        if (!Files.isDirectory(images)) {
            throw new ParameterException(spec.commandLine(), "--in must be a directory.");
        }
        if (real(output).startsWith(images)) {
            throw new ParameterException(spec.commandLine(), "--out must not be --in, nor lie in it.");
        }
        try (Classifier classifier =
                model.load(loader.get().reproducible(), properties.get().name())) {
            EvaluatedModel used = EvaluatedModel.unobserved(classifier, reader.get());
            FolderLocalizer localizer = new FolderLocalizer(used, memory.get(), results.get(), json.get(), version);
            FolderRequest request = request(classifier);
            FolderResult result = ImageProgress.shown(progress -> localizer.run(request, progress));
            print(result);
            return result.failed().isEmpty() ? 0 : SOME_FAILED;
        }
    }

    /** Returns the real path of a directory, which need not exist yet. */
    private static Path real(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        Path existing = absolute;
        for (Path parent = existing.getParent(); parent != null && !Files.exists(existing); ) {
            existing = parent;
            parent = existing.getParent();
        }
        return existing.toRealPath().resolve(existing.relativize(absolute));
    }

    private FolderRequest request(Classifier classifier) {
        OperatingPoint point = operatingPoint == null && classifier.manifest().operatingPoints() != null
                ? OperatingPoint.SPECIFIC
                : operatingPoint;
        LocalizationRequest asked =
                new LocalizationRequest(Set.of(), method, policy, point == null ? null : point.code(), 0);
        return new FolderRequest(
                input,
                output,
                EnumSet.copyOf(kinds),
                ResultOptions.DEFAULT.withRequest(asked),
                new ReadOptions(false, 1, force),
                threads);
    }

    private void print(FolderResult result) {
        result.leftOut().forEach(this::printLine);
        result.failed().stream()
                .limit(FAILURES_SHOWN)
                .forEach(failure -> printLine("Failed: %s: %s".formatted(failure.file(), failure.reason())));
        if (result.failed().size() > FAILURES_SHOWN) {
            printLine(
                    "Failed: %d more, see summary.csv".formatted(result.failed().size() - FAILURES_SHOWN));
        }
        out.printf(
                "%d localized, %d complete already, %d failed%nWritten to %s%n",
                result.localized(), result.complete(), result.failed().size(), output);
    }

    private void printLine(String line) {
        out.println(CONTROL.matcher(line).replaceAll("?"));
    }
}
