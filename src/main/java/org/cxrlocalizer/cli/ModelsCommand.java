// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.cxrlocalizer.inference.Classifier;
import org.cxrlocalizer.inference.ModelLoader;
import org.cxrlocalizer.inference.VariantOutcome;
import org.cxrlocalizer.model.ModelCatalogue;
import org.cxrlocalizer.model.ModelInstaller;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.model.ModelRefusedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists, checks and installs model packages. */
@Command(name = "models", description = "Lists, checks and installs model packages.")
final class ModelsCommand {

    private final Supplier<ModelCatalogue> catalogue;
    private final Supplier<ModelLoader> loader;
    private final PrintStream out = System.out;

    ModelsCommand(Supplier<ModelCatalogue> catalogue, Supplier<ModelLoader> loader) {
        this.catalogue = catalogue;
        this.loader = loader;
    }

    @Command(description = "Lists the packages in model.directory and the bundled ones.")
    int list() {
        int exitCode = CommandLine.ExitCode.OK;
        ModelCatalogue packages = catalogue.get();
        for (ModelCatalogue.Entry entry : packages.entries()) {
            try {
                ModelManifest manifest = packages.read(entry.name());
                out.printf(
                        "%-24s %-10s %3d labels  %4d px  %s  %s%n",
                        entry.name(),
                        manifest.version(),
                        manifest.labels().size(),
                        manifest.input().size(),
                        methods(manifest),
                        entry.location());
            } catch (ModelRefusedException e) {
                out.println(e.getMessage());
                exitCode = CommandLine.ExitCode.SOFTWARE;
            }
        }
        return exitCode;
    }

    @Command(description = "Checks hashes and manifest, warms the model, and prints its card's figures.")
    void verify(
            @Parameters(
                            paramLabel = "NAME|FILE|DIR",
                            arity = "1..*",
                            description = "A model of the list, a package's directory, or a ZIP archive of one.")
                    List<String> models) {
        ModelLoader packages = loader.get();
        for (String model : models) {
            Path path = Path.of(model);
            try (Classifier classifier = Files.exists(path) ? packages.load(path) : packages.load(model)) {
                describe(classifier);
            }
        }
    }

    @Command(
            description =
                    "Installs packages, each once it was checked and warmed; ends with the first that is refused.")
    void add(
            @Parameters(
                            paramLabel = "FILE|DIR",
                            arity = "1..*",
                            description = "A package's directory, or a ZIP archive of one.")
                    List<Path> sources,
            @Option(
                            names = "--into",
                            paramLabel = "DIR",
                            description =
                                    "Where packages lie. Default: model.directory if it is on disk, else ./models.")
                    @Nullable
                    Path into,
            @Option(names = "--replace", description = "Replaces packages of the same names.") boolean replace)
            throws IOException {
        ModelInstaller installer = new ModelInstaller(loader.get()::requireUsable);
        Path directory = into == null ? catalogue.get().directory().orElse(Path.of("models")) : into;
        for (Path source : sources) {
            Path added = installer.add(source, directory, replace);
            out.printf(
                    "%s is installed. Serve it with --model.directory=%s --model.name=%s%n",
                    added, directory, added.getFileName());
        }
    }

    private void describe(Classifier classifier) {
        ModelManifest manifest = classifier.manifest();
        ModelManifest.Input input = manifest.input();
        out.printf("%s %s%n", manifest.name(), manifest.version());
        out.printf("  licence   %s%n  source    %s%n", manifest.licence(), manifest.source());
        out.printf("  package   SHA-256 %s of model.yaml%n", manifest.packageSha256());
        out.printf("  model.pt  SHA-256 %s, as the manifest states%n", manifest.sha256());
        if (manifest.manifestSha256() == null) {
            out.println("  warning   without manifestSha256, a change of the manifest is not noticed");
        }
        out.printf("  input     %d x %d x %d%n", input.channels(), input.size(), input.size());
        out.printf("  labels    %s%n", String.join(", ", manifest.labels()));
        out.printf("  methods   %s; each warmed, shapes and sums as the manifest states%n", methods(manifest));
        if (!manifest.variants().isEmpty()) {
            out.println("  variants  by time of a forward pass in units of the reference's, measured here");
            classifier.execution().variants().forEach(this::describe);
        }
        List<String> images = classifier.calibrationImages();
        if (!images.isEmpty()) {
            out.printf("  policies  chosen on %d images, which scoring must leave out%n", images.size());
        }
        out.printf("%n%s%n%n", classifier.card().figures());
    }

    private void describe(VariantOutcome variant) {
        out.printf(
                Locale.ROOT,
                "    %-14s %5s %s%n",
                variant.name(),
                variant.relativeTime() == null ? "" : String.format(Locale.ROOT, "%.2f", variant.relativeTime()),
                (variant.relativeTimeOfBatch() == null
                                ? ""
                                : String.format(Locale.ROOT, "(largest batch: %.2f) ", variant.relativeTimeOfBatch()))
                        + (variant.chosen() ? "chosen" : variant.reason()));
    }

    private static String method(ModelManifest.Method method, ModelManifest manifest) {
        String name = method.name().equals(manifest.methods().defaultName()) ? method.name() + "*" : method.name();
        return method.isFittedOnBoxes()
                ? "%s (%s)".formatted(name, method.supervision().words())
                : name;
    }

    private static String methods(ModelManifest manifest) {
        return manifest.methods().available().stream()
                .map(method -> method(method, manifest))
                .collect(Collectors.joining(" "));
    }
}
