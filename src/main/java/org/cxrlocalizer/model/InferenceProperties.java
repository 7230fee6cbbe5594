package org.cxrlocalizer.model;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the network is run.
 *
 * @param workers platform threads that run forward passes, each on one image at a time; 0 for one for each processor
 * @param threads intra-op threads of PyTorch for one forward pass; more helps a single caller, less a busy service
 * @param queueCapacity images that may wait for a worker; with more, callers get 429
 */
@Validated
@ConfigurationProperties("inference")
public record InferenceProperties(
        @DefaultValue("0") @Min(0) @Max(256) int workers,
        @DefaultValue("1") @Min(1) @Max(256) int threads,
        @DefaultValue("64") @Min(1) @Max(100_000) int queueCapacity) {

    int workerCount() {
        return workers == 0 ? Runtime.getRuntime().availableProcessors() : workers;
    }
}
