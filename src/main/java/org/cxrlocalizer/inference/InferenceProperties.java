// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.cxrlocalizer.model.ModelManifest.Variant;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the network is run.
 *
 * @param device {@code auto} (every GPU that PyTorch can use, else the CPU), {@code cpu}, or GPUs by number as
 *     {@code gpu:0} or {@code gpu:0,gpu:1}
 * @param workers platform threads that run forward passes on the CPU; 0 for one for each processor. A GPU always has one
 * @param threads intra-op threads of PyTorch for one forward pass. More helps a single caller, fewer a busy service: two workers
 *     with one thread each had 1.4 times the throughput of one with two
 * @param maxBatch most images of one forward pass; 0 for 1 on the CPU and 16 on a GPU. A free worker takes the images that wait,
 *     and never waits for more. With more than 1, an answer's last digits depend on which images came at the same time
 * @param queueCapacity images that may wait for a worker; with more, callers get 429 and {@code Retry-After}
 * @param deadline longest time from an image's arrival in the queue to its result; later, its caller gets 504
 * @param variant which file of the package runs on a CPU: {@code auto} for the fastest of those that agree with
 *     {@code model.pt}, as measured at start; {@code reference} for {@code model.pt}; or a variant's name
 * @param onDeviceLoss fallback of a worker whose GPU fails: {@code unready} stops it, and after the last one the service is
 *     unready and answers 503; {@code cpu} continues on the CPU
 * @param models what differs for a served model, by its name, as {@code inference.models.NAME.workers=1}
 * @param measurements file that keeps which variant was the fastest, so that the next start need not measure; delete it to measure
 *     again. Without one, or without its directory, each start measures
 */
@Validated
@ConfigurationProperties("inference")
public record InferenceProperties(
        @DefaultValue("auto") @Pattern(regexp = DEVICES, message = DEVICES_MESSAGE)
        String device,

        @DefaultValue("0") @Min(0) @Max(256) int workers,
        @DefaultValue("1") @Min(1) @Max(256) int threads,
        @DefaultValue("0") @Min(0) @Max(256) int maxBatch,
        @DefaultValue("64") @Min(1) @Max(100_000) int queueCapacity,
        @DefaultValue("30s") @DurationMin(millis = 1) Duration deadline,

        @DefaultValue(Variant.AUTO) @Pattern(regexp = VARIANT, message = VARIANT_MESSAGE)
        String variant,

        @DefaultValue("unready") OnDeviceLoss onDeviceLoss,
        @DefaultValue Map<String, @Valid ModelShare> models,
        @Nullable Path measurements) {

    private static final String DEVICES = "auto|cpu|gpu:\\d{1,3}(,gpu:\\d{1,3})*";
    private static final String DEVICES_MESSAGE = "must be 'auto', 'cpu', or GPUs as 'gpu:0,gpu:1'";
    private static final String VARIANT = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    private static final String VARIANT_MESSAGE = "must be 'auto', 'reference', or a variant's name";

    public InferenceProperties {
        models = Map.copyOf(models);
    }

    /** The fallback of a worker whose device fails. */
    public enum OnDeviceLoss {
        /** It stops; after the last one the service is not ready, so that its supervisor can replace it. */
        UNREADY,
        /** It goes on with {@code model.pt} on the CPU. */
        CPU
    }

    /**
     * The share that one of several models has of the devices and of the memory. What is not given is as for all.
     *
     * @param device see {@code inference.device}
     * @param workers see {@code inference.workers}: its share of the CPU
     * @param maxBatch see {@code inference.max-batch}: with the workers, the memory of its forward passes
     * @param queueCapacity see {@code inference.queue-capacity}: the memory of its waiting images
     * @param deadline see {@code inference.deadline}
     * @param variant see {@code inference.variant}
     */
    public record ModelShare(
            @Nullable @Pattern(regexp = DEVICES, message = DEVICES_MESSAGE)
            String device,

            @Nullable @Min(0) @Max(256) Integer workers,
            @Nullable @Min(0) @Max(256) Integer maxBatch,
            @Nullable @Min(1) @Max(100_000) Integer queueCapacity,
            @Nullable @DurationMin(millis = 1) Duration deadline,

            @Nullable @Pattern(regexp = VARIANT, message = VARIANT_MESSAGE)
            String variant) {}

    /** Returns those of one model, without those of others. */
    InferenceProperties of(String model) {
        ModelShare share = models.get(model);
        if (share == null) {
            return new InferenceProperties(
                    device,
                    workers,
                    threads,
                    maxBatch,
                    queueCapacity,
                    deadline,
                    variant,
                    onDeviceLoss,
                    Map.of(),
                    measurements);
        }
        return new InferenceProperties(
                Objects.requireNonNullElse(share.device, device),
                Objects.requireNonNullElse(share.workers, workers),
                threads,
                Objects.requireNonNullElse(share.maxBatch, maxBatch),
                Objects.requireNonNullElse(share.queueCapacity, queueCapacity),
                Objects.requireNonNullElse(share.deadline, deadline),
                Objects.requireNonNullElse(share.variant, variant),
                onDeviceLoss,
                Map.of(),
                measurements);
    }

    InferenceProperties withVariant(String other) {
        return new InferenceProperties(
                device, workers, threads, maxBatch, queueCapacity, deadline, other, onDeviceLoss, models, measurements);
    }
}
