package org.cxrlocalizer.model;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** What is measured of a model's queue and its forward passes. */
final class InferenceMeters {

    private static final String MODEL = "model";

    private final MeterRegistry meters;
    private final String model;
    private final Timer wait;
    private final Timer forward;
    private final DistributionSummary batchSize;

    InferenceMeters(String model, IntSupplier depth, MeterRegistry meters) {
        this.meters = meters;
        this.model = model;
        wait = Timer.builder("cxr.queue.wait")
                .description("Time that an image waits for a worker")
                .tag(MODEL, model)
                .register(meters);
        forward = Timer.builder("cxr.forward")
                .description("Time of one forward pass, of a whole batch")
                .tag(MODEL, model)
                .register(meters);
        batchSize = DistributionSummary.builder("cxr.batch.size")
                .description("Images of one forward pass")
                .tag(MODEL, model)
                .register(meters);
        Gauge.builder("cxr.queue.depth", depth::getAsInt)
                .description("Images that wait for a worker")
                .tag(MODEL, model)
                .register(meters);
        for (InferenceRefusedException.Reason reason : InferenceRefusedException.Reason.values()) {
            refused(reason, 0); // a series that is there from the start can be alerted on
        }
    }

    void waited(long nanos) {
        wait.record(nanos, TimeUnit.NANOSECONDS);
    }

    void forward(int images, long nanos) {
        batchSize.record(images);
        forward.record(nanos, TimeUnit.NANOSECONDS);
    }

    void refused(InferenceRefusedException.Reason reason, int images) {
        meters.counter("cxr.refusals", MODEL, model, "reason", reason.name().toLowerCase(Locale.ROOT))
                .increment(images);
    }
}
