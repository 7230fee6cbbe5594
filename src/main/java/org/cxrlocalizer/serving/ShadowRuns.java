// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.localization.LocalizationRequest;
import org.cxrlocalizer.localization.ModelAgreement;
import org.cxrlocalizer.model.ModelProperties;
import org.cxrlocalizer.radiograph.Radiograph;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Runs of the shadow, a model whose answers no caller gets: on images that another model has answered, one at a time. What it
 * would have answered is compared in metrics and in lines of the logger {@code shadow}, which name an image by its SHA-256.
 */
@Component
public final class ShadowRuns implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger("shadow");
    private static final int MOST_WAITING = 16;
    private static final String MODEL = "model";
    private static final String LABEL = "label";

    private final ServedModels models;
    private final @Nullable String shadow;
    private final MeterRegistry meters;
    private final ExecutorService runs = new ThreadPoolExecutor(
            0, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(MOST_WAITING), ShadowRuns::thread);

    ShadowRuns(ServedModels models, ModelProperties properties, MeterRegistry meters) {
        this.models = models;
        shadow = properties.shadow();
        this.meters = meters;
    }

    private static Thread thread(Runnable run) {
        Thread thread = new Thread(run, "shadow");
        thread.setDaemon(true);
        return thread;
    }

    /** The outcome of a shadow run. */
    private enum Outcome {
        COMPARED,
        /** Too many waited. */
        DROPPED,
        /** The shadow cannot do what the request states, or could not run; the log has the reason. */
        FAILED
    }

    /** Runs the shadow on an image, later, if there is one and not too many images wait for it. */
    public void follow(Radiograph radiograph, LocalizationRequest request, Localization answered) {
        if (shadow == null) {
            return;
        }
        try {
            runs.execute(
                    models.useShadow(model -> run(model.localizer(), radiograph, model.fitted(request), answered)));
        } catch (RejectedExecutionException e) {
            count(Outcome.DROPPED);
        } catch (RuntimeException e) {
            failed(radiograph.sha256(), e);
        }
    }

    /** A run that holds no pixels but those that the model takes. */
    private Runnable run(
            Localizer localizer, Radiograph radiograph, LocalizationRequest request, Localization answered) {
        Localizer.PreparedImage image = localizer.prepare(radiograph, request);
        String sha256 = radiograph.sha256();
        return () -> {
            try {
                models.useShadow(model -> {
                    // A model that was put in its place meanwhile may take other inputs.
                    if (model.localizer() == localizer) {
                        compare(sha256, ModelAgreement.of(answered, localizer.localize(image)));
                    }
                    return sha256;
                });
            } catch (RuntimeException e) {
                failed(sha256, e);
            }
        };
    }

    private void compare(String sha256, List<ModelAgreement> agreements) {
        String name = Objects.requireNonNull(shadow);
        for (ModelAgreement each : agreements) {
            Boolean same = each.sameDecision();
            if (same != null) {
                Counter.builder("cxr.shadow.decisions")
                        .description("Findings by whether the shadow calls them positive as the answer does")
                        .tags(MODEL, name, LABEL, each.label(), "same", same.toString())
                        .register(meters)
                        .increment();
            }
            Double iou = each.iou();
            if (iou != null) {
                DistributionSummary.builder("cxr.shadow.iou")
                        .description("IoU of the shadow's best box with the answer's")
                        .tags(MODEL, name, LABEL, each.label())
                        .register(meters)
                        .record(iou);
            }
            LOG.info(
                    "image={} model={} label={} probabilityDifference={} sameDecision={} iou={}",
                    sha256,
                    name,
                    each.label(),
                    each.probabilityDifference(),
                    same,
                    iou);
        }
        count(Outcome.COMPARED);
    }

    private void failed(String sha256, RuntimeException e) {
        LOG.warn("image={} model={} failed: {}", sha256, shadow, e.toString());
        count(Outcome.FAILED);
    }

    private void count(Outcome outcome) {
        Counter.builder("cxr.shadow.images")
                .description("Images that the shadow was to see, by what became of them")
                .tags(
                        MODEL,
                        Objects.requireNonNull(shadow),
                        "outcome",
                        outcome.name().toLowerCase(Locale.ROOT))
                .register(meters)
                .increment();
    }

    @Override
    public void destroy() {
        runs.shutdownNow();
    }
}
