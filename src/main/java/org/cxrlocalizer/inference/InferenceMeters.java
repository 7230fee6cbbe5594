// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is measured of a model's queue and its forward passes. Waits and passes are steps of their callers' traces. */
final class InferenceMeters {

    private static final String MODEL = "model";

    private final MeterRegistry meters;
    private final ObservationRegistry observations;
    private final String model;
    private final DistributionSummary batchSize;

    InferenceMeters(String model, MeterRegistry meters, ObservationRegistry observations) {
        this.meters = meters;
        this.observations = observations;
        this.model = model;
        batchSize = DistributionSummary.builder("cxr.batch.size")
                .description("Images of one forward pass")
                .tag(MODEL, model)
                .register(meters);
        for (InferenceRefusedException.Reason reason : InferenceRefusedException.Reason.values()) {
            refused(reason, 0); // a series that is there from the start can be alerted on
        }
    }

    /** Shows the depth of this queue, in place of that of a model of the same name that served before. */
    void show(IntSupplier depth) {
        meters.find("cxr.queue.depth").tag(MODEL, model).gauges().forEach(meters::remove);
        Gauge.builder("cxr.queue.depth", depth::getAsInt)
                .description("Images that wait for a worker")
                .tag(MODEL, model)
                .register(meters);
    }

    /** What the calling thread is at. */
    @Nullable
    Observation caller() {
        return observations.getCurrentObservation();
    }

    /** A wait for a worker that begins now. */
    Observation startWait() {
        return step("cxr.queue.wait").start();
    }

    /** @param caller of the batch's first image: a pass stands in the trace of one image alone */
    <T> T forward(int images, @Nullable Observation caller, Supplier<T> pass) {
        batchSize.record(images);
        return step("cxr.forward")
                .parentObservation(caller)
                .highCardinalityKeyValue("images", String.valueOf(images))
                .observe(pass);
    }

    private Observation step(String name) {
        return Observation.createNotStarted(name, observations).lowCardinalityKeyValue(MODEL, model);
    }

    void refused(InferenceRefusedException.Reason reason, int images) {
        meters.counter("cxr.refusals", MODEL, model, "reason", reason.name().toLowerCase(Locale.ROOT))
                .increment(images);
    }
}
