package org.cxrlocalizer.evaluation.jobs;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Evaluations over HTTP.
 *
 * @param directory where predictions and reports lie, an absolute path; the embedded database lies beside them
 * @param datasets the only image directories that a caller can have scored, by the name that a caller gives
 * @param roots directories besides that of a dataset that links in it may lead to
 * @param threads images that a node works on at a time for evaluations; few, because callers of the service share the network
 * @param chunkSize images that a node takes at a time; what it had of them is lost if it dies
 * @param maxUpload largest list of predicted boxes
 * @param memory that the scorings of a process may take together; a quarter of the heap of a service by default, three quarters of
 *     that of a command
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
        @Nullable DataSize memory) {

    /**
     * A dataset.
     *
     * @param images directory of PNG and JPEG files, its subdirectories included
     * @param boxes BBox_List_2017.csv; the bundled copy by default
     * @param labels Data_Entry_2017.csv of either release
     * @param split a list of the images to score
     */
    public record Dataset(
            @NotNull Path images,
            @Nullable Resource boxes,
            @Nullable Resource labels,
            @Nullable Resource split) {}

    public EvaluationProperties {
        directory = directory.toAbsolutePath().normalize();
        datasets = Map.copyOf(datasets);
        roots = List.copyOf(roots);
    }
}
