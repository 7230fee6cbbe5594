// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cxrlocalizer.evaluation.scoring.BoxFiles;
import org.cxrlocalizer.evaluation.scoring.EvaluationManifest;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An evaluation that ended, by the files in its directory.
 *
 * @param images that it scored
 * @param boxes the list of each of its systems, by the names of directory and system
 */
record FinishedRun(Path directory, EvaluationManifest manifest, Set<String> images, Map<String, Path> boxes) {

    private static final JsonMapper JSON = new JsonMapper();

    /** @throws EvaluationRefusedException if the directory has no finished evaluation */
    static FinishedRun read(Path directory) throws IOException {
        try {
            EvaluationManifest manifest = EvaluationManifest.read(directory.resolve("manifest.json"));
            Set<String> images = new LinkedHashSet<>();
            Path truth = directory.resolve("truth-coco.json");
            for (JsonNode image : JSON.readTree(Files.readString(truth)).path("images")) {
                images.add(image.path("file_name").asString());
            }
            Map<String, Path> boxes = new LinkedHashMap<>();
            for (int i = 0; i < manifest.systems().size(); i++) {
                String system = manifest.systems().get(i).name();
                boxes.put("%s: %s".formatted(directory, system), list(directory, i));
            }
            return new FinishedRun(directory, manifest, images, boxes);
        } catch (NoSuchFileException e) {
            throw new EvaluationRefusedException(
                    "%s is not a finished evaluation: %s is missing.".formatted(directory, e.getMessage()));
        } catch (JacksonException e) {
            throw new EvaluationRefusedException(
                    "%s is not a finished evaluation: %s".formatted(directory, e.getOriginalMessage()));
        }
    }

    private static Path list(Path directory, int system) {
        Path compressed = directory.resolve(BoxFiles.list(system) + BoxFiles.GZIP);
        return Files.exists(compressed) ? compressed : directory.resolve(BoxFiles.list(system));
    }

    /**
     * Returns the images that all runs scored: those of the split where there is one.
     *
     * @throws EvaluationRefusedException if the runs cannot be compared, with the reason
     */
    static Set<String> commonImages(List<FinishedRun> runs, DatasetFiles files) {
        for (FinishedRun run : runs) {
            for (String file : List.of(DatasetFiles.BOXES, DatasetFiles.LABEL_MAP)) {
                if (!Objects.equals(
                        run.manifest.inputs().get(file), files.sha256().get(file))) {
                    throw new EvaluationRefusedException(
                            "%s was scored with another file of %s than the one given here."
                                    .formatted(run.directory, file));
                }
            }
        }
        Set<String> common = files.onlyImages().isEmpty() ? runs.get(0).images : files.onlyImages();
        for (FinishedRun run : runs) {
            long missing =
                    common.stream().filter(image -> !run.images.contains(image)).count();
            long more = files.onlyImages().isEmpty() ? run.images.size() + missing - common.size() : 0;
            if (missing + more > 0) {
                throw new EvaluationRefusedException(
                        "%s lacks %d of the images and has %d others: name those to compare with --split."
                                .formatted(run.directory, missing, more));
            }
        }
        return common;
    }
}
