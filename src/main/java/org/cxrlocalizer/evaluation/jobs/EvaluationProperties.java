// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cxrlocalizer.dataset.FileSetting;
import org.cxrlocalizer.dataset.UnreadableSettingException;
import org.cxrlocalizer.evaluation.DatasetFiles;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Evaluations over HTTP.
 *
 * @param directory where predictions and reports lie, and the embedded database (H2) of the jobs
 * @param datasets the only image directories that callers can have scored, by the name that callers give
 * @param roots directories besides a dataset's own that links in it may lead to
 * @param threads images that a node works on at a time for evaluations; few, because callers of the service share the network
 * @param chunkSize images that a node takes at a time; its work on them is lost if it dies
 * @param maxUpload largest list of predicted boxes
 * @param memory memory of all scorings of a process together; a quarter of the heap of a service by default, three quarters of
 *     that of a command. Scorings run one after another if memory is short. One that exceeds the limit is refused with 422 and an
 *     estimate
 * @param keepFor age ({@code 90d}) at which evaluations that have ended are deleted, with a line in the log; never by default
 * @param keepSize how much of the disk ({@code 10GB}) evaluations that have ended may take; the oldest are deleted first, with a
 *     line in the log. Without limit by default
 */
@Validated
@ConfigurationProperties("evaluation")
public record EvaluationProperties(
        Path directory,
        @DefaultValue Map<String, @Valid Dataset> datasets,
        @DefaultValue List<Path> roots,
        @DefaultValue("1") @Min(1) @Max(256) int threads,
        @DefaultValue("32") @Min(1) @Max(10_000) int chunkSize,
        @DefaultValue("64MB") DataSize maxUpload,
        @Nullable DataSize memory,
        @Nullable Duration keepFor,
        @Nullable DataSize keepSize) {

    /**
     * A dataset.
     *
     * @param images directory of PNG, JPEG and DICOM files, its subdirectories included
     * @param boxes {@code BBox_List_2017.csv}; the bundled copy by default
     * @param labels {@code Data_Entry_2017.csv} of either release
     * @param split a list of the images to score
     */
    public record Dataset(
            @NotNull Path images,
            @Nullable FileSetting boxes,
            @Nullable FileSetting labels,
            @Nullable FileSetting split) {

        private void requireReadable(String name) {
            String prefix = "evaluation.datasets.%s.".formatted(name);
            requireDirectory(prefix + "images", images);
            FileSetting.requireReadable(prefix + "boxes", boxes);
            FileSetting.requireReadable(prefix + "labels", labels);
            FileSetting.requireReadable(prefix + "split", split);
        }

        /** Reads the dataset's files, without those that are not needed. */
        DatasetFiles read(boolean withLabels, boolean withSplit) throws IOException {
            return DatasetFiles.read(
                    FileSetting.resourceOrNull(boxes),
                    withLabels ? FileSetting.resourceOrNull(labels) : null,
                    withSplit ? FileSetting.resourceOrNull(split) : null);
        }
    }

    /** Returns the directory of an evaluation. */
    Path directory(UUID id) {
        return directory.resolve(id.toString());
    }

    /** @throws UnreadableSettingException if a dataset's directory or file cannot be read */
    void requireReadable() {
        datasets.forEach((name, dataset) -> dataset.requireReadable(name));
        roots.forEach(root -> requireDirectory("evaluation.roots", root));
    }

    private static void requireDirectory(String setting, Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new UnreadableSettingException(
                    setting, directory.toString(), Files.exists(directory) ? "is not a directory" : "does not exist");
        }
    }

    public EvaluationProperties {
        directory = directory.toAbsolutePath().normalize();
        datasets = Map.copyOf(datasets);
        roots = List.copyOf(roots);
    }
}
