package org.cxrlocalizer.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import org.cxrlocalizer.evaluation.jobs.EvaluationJobs;
import org.cxrlocalizer.pacs.jobs.PacsJobs;
import org.springframework.context.annotation.Profile;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The work that waits for all nodes together, which workers are scaled by. Each node tells the same. Counted now and then, so
 * that a scrape does not wait for a database that is away.
 */
@Component
@Profile("!command-line")
class WaitingWork implements MeterBinder {

    private final EvaluationJobs evaluations;
    private final PacsJobs studies;
    private volatile double imagesOfEvaluations = Double.NaN;
    private volatile double pacsJobs = Double.NaN;

    WaitingWork(EvaluationJobs evaluations, PacsJobs studies) {
        this.evaluations = evaluations;
        this.studies = studies;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("cxr.evaluations.waiting", () -> imagesOfEvaluations)
                .description("Images that open evaluations have not got to yet, of all nodes")
                .baseUnit("images")
                .register(registry);
        Gauge.builder("cxr.pacs.jobs.open", () -> pacsJobs)
                .description("Studies of a PACS that wait or are being localized, of all nodes")
                .register(registry);
    }

    @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
    void count() {
        try {
            imagesOfEvaluations = evaluations.imagesWaiting();
            pacsJobs = studies.open();
        } catch (DataAccessException e) {
            imagesOfEvaluations = Double.NaN;
            pacsJobs = Double.NaN;
        }
    }
}
