// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.batch;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.evaluation.CapacityRetry;
import org.cxrlocalizer.evaluation.EvaluatedModel;
import org.cxrlocalizer.evaluation.EvaluationOptions;
import org.cxrlocalizer.evaluation.Evaluator;
import org.cxrlocalizer.evaluation.ImageFiles;
import org.cxrlocalizer.evaluation.ImageFolder;
import org.cxrlocalizer.evaluation.ImageThreads;
import org.cxrlocalizer.evaluation.LeftOut;
import org.cxrlocalizer.evaluation.metrics.Bootstrap;
import org.cxrlocalizer.inference.InferenceRefusedException;
import org.cxrlocalizer.localization.BoxPolicyReader;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.model.DecisionRule;
import org.cxrlocalizer.model.ModelManifest;
import org.cxrlocalizer.radiograph.ImageMemory;
import org.cxrlocalizer.radiograph.Radiograph;
import org.cxrlocalizer.results.ResultObjects;
import org.cxrlocalizer.version.ProgramVersion;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Localizes the images of a directory into another one. A run that is stopped goes on where it was: an image with the same
 * bytes, whose outputs of the same model and options are there, is not localized again. An image that fails is reported and
 * does not end the run.
 */
public final class FolderLocalizer {

    private final EvaluatedModel model;
    private final ImageMemory memory;
    private final ResultObjects results;
    private final JsonMapper json;
    private final ProgramVersion version;

    /** @param json as the API's answers are written */
    public FolderLocalizer(
            EvaluatedModel model, ImageMemory memory, ResultObjects results, JsonMapper json, ProgramVersion version) {
        this.model = model;
        this.memory = memory;
        this.results = results;
        this.json = json;
        this.version = version;
    }

    /**
     * Localizes the images of a directory.
     *
     * @throws IOException if the input directory cannot be read, or nothing can be written to the output directory
     * @throws org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException if another run writes there
     * @throws RuntimeException if the model lacks what the request names
     * @throws InferenceRefusedException if this process cannot run the model any more
     */
    public FolderResult run(FolderRequest request, Evaluator.Progress progress) throws IOException {
        requireFit(request.options().request());
        LeftOut leftOut = new LeftOut();
        Map<String, Path> images = new TreeMap<>();
        ImageFolder.files(request.input(), false, leftOut)
                .values()
                .forEach(files -> files.forEach(file -> images.put(name(request.input(), file), file)));
        OutputFolder.make(request.output());
        try (FolderLog log = FolderLog.open(request.output())) {
            Run run = new Run(request, log, key(request));
            Map<String, Outcome> outcomes = run.all(images, progress);
            leftOut.names(ImageFolder.UNREADABLE)
                    .forEach(name -> outcomes.put(name, run.failed(name, null, ImageFolder.UNREADABLE)));
            SummaryTable.write(
                    run.output,
                    model.classifier().manifest().labels(),
                    outcomes.values().stream().map(Outcome::record).toList());
            return result(outcomes, leftOut);
        }
    }

    /** What this run did for an image. */
    private record Outcome(ImageRecord record, boolean localized) {}

    private static FolderResult result(Map<String, Outcome> outcomes, LeftOut leftOut) {
        List<FolderResult.Failure> failed = new ArrayList<>();
        int localized = 0;
        for (Outcome outcome : outcomes.values()) {
            String reason = outcome.record().failure();
            if (reason != null) {
                failed.add(new FolderResult.Failure(outcome.record().file(), reason));
            } else if (outcome.localized()) {
                localized++;
            }
        }
        return new FolderResult(localized, outcomes.size() - localized - failed.size(), failed, leftOut.lines());
    }

    /** What each image would be refused for is refused before the first one. */
    private void requireFit(LocalizationRequest request) {
        String method = request.method();
        model.systems(new EvaluationOptions(
                method == null ? List.of() : List.of(method),
                request.policy() == null ? List.of() : List.of(request.policy()),
                false,
                null,
                Bootstrap.DEFAULT));
        DecisionRule.of(model.classifier().manifest(), request.operatingPoint());
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    private String key(FolderRequest request) {
        ModelManifest manifest = model.classifier().manifest();
        LocalizationRequest asked = request.options().request();
        return DigestUtils.sha256Hex(String.join(
                "\n",
                version.value(),
                manifest.packageSha256(),
                model.classifier().variantSha256(),
                manifest.method(asked.method()).name(),
                asked.policy() == null
                        ? ""
                        : BoxPolicyReader.json(asked.policy()).toString(),
                String.valueOf(asked.operatingPoint()),
                String.valueOf(request.read())));
    }

    /** One run over a directory. */
    private final class Run {

        private final FolderRequest request;
        private final FolderLog log;
        private final String key;
        private final OutputFolder output;
        private final ImageFiles files;
        private final ImageOutputs outputs;

        Run(FolderRequest request, FolderLog log, String key) {
            this.request = request;
            this.log = log;
            this.key = key;
            output = new OutputFolder(request.output());
            files = new ImageFiles(List.of(request.input()), model.reader().maxBytes());
            outputs = new ImageOutputs(
                    model.classifier(),
                    results,
                    json,
                    request.options().withPictureReferenced(request.kinds().contains(OutputKind.SC)),
                    request.read().frame());
        }

        Map<String, Outcome> all(Map<String, Path> images, Evaluator.Progress progress) throws IOException {
            Map<String, Outcome> outcomes = new TreeMap<>();
            List<Callable<Outcome>> tasks = new ArrayList<>();
            images.forEach((name, file) -> tasks.add(() -> one(name, file)));
            ImageThreads.run(request.threads(), tasks, outcome -> {
                outcomes.put(outcome.record().file(), outcome);
                progress.at(outcomes.size(), images.size());
            });
            return outcomes;
        }

        /** @throws IOException if the log cannot be written */
        private Outcome one(String name, Path file) throws IOException {
            String sha256 = null;
            try {
                byte[] bytes = files.read(List.of(file));
                sha256 = DigestUtils.sha256Hex(bytes);
                ImageRecord usable = usable(name, sha256);
                Set<OutputKind> missing = EnumSet.copyOf(request.kinds());
                if (usable == null) {
                    output.clear(name);
                } else {
                    missing.removeAll(usable.kinds());
                    if (missing.isEmpty()) {
                        return new Outcome(usable, false);
                    }
                }
                ImageRecord made = made(name, sha256, bytes, missing, usable);
                log.add(made);
                return new Outcome(made, true);
            } catch (CancellationException | InferenceRefusedException e) {
                throw e; // is not the fault of the image
            } catch (IOException | RuntimeException e) {
                return discarded(name, sha256, reason(e));
            } catch (OutOfMemoryError e) {
                return discarded(name, sha256, "It exhausted the memory of the process.");
            }
        }

        /** Returns what an earlier run did, if its outputs are there and would be the same now. */
        private @Nullable ImageRecord usable(String name, String sha256) {
            ImageRecord earlier = log.find(name);
            return earlier != null && earlier.isOf(sha256, key) && output.hasAll(earlier.outputs()) ? earlier : null;
        }

        private ImageRecord made(
                String name, String sha256, byte[] bytes, Set<OutputKind> kinds, @Nullable ImageRecord earlier)
                throws IOException {
            Made made = CapacityRetry.retry(() -> make(bytes, kinds));
            Set<String> written = new LinkedHashSet<>();
            Set<OutputKind> all = EnumSet.copyOf(kinds);
            if (earlier != null) {
                written.addAll(earlier.outputs());
                all.addAll(earlier.kinds());
            }
            for (Map.Entry<String, byte[]> one : made.files().entrySet()) {
                output.place(name + one.getKey(), one.getValue());
                written.add(name + one.getKey());
            }
            return new ImageRecord(name, sha256, key, all, List.copyOf(written), made.content(), null);
        }

        private Made make(byte[] bytes, Set<OutputKind> kinds) {
            try (ImageMemory.Reservation reservation = memory.open()) {
                reservation.take(bytes.length);
                Radiograph radiograph = model.reader().read(bytes, request.read(), reservation);
                if (kinds.stream().anyMatch(OutputKind::isDrawn)) {
                    reservation.takeForDrawing(radiograph);
                }
                Localization localization =
                        model.localizer().localize(radiograph, request.options().request());
                return new Made(
                        outputs.of(radiograph, localization, kinds), ImageRecord.Content.of(radiograph, localization));
            }
        }

        /** An image that failed has no outputs, not even those of its earlier bytes. */
        private Outcome discarded(String name, @Nullable String sha256, String reason) throws IOException {
            Outcome failed = failed(name, sha256, reason);
            log.add(failed.record());
            output.clear(name);
            return failed;
        }

        Outcome failed(String name, @Nullable String sha256, String reason) {
            return new Outcome(ImageRecord.failed(name, sha256, key, reason), false);
        }
    }

    private record Made(Map<String, byte[]> files, ImageRecord.Content content) {}

    private static String reason(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "it does not exist any more";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
