// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Gauges of the work that waits for all nodes together, which workers are scaled by. Each node reports the same values. They
 * are counted in the background, so that a scrape does not wait for a database that is away.
 */
@Component
@NotOnCommandLine
class BacklogMetrics implements MeterBinder {

    private final List<Backlog> backlogs;
    private final Map<String, Long> counts = new ConcurrentHashMap<>();

    BacklogMetrics(ObjectProvider<Backlog> backlogs) {
        this.backlogs = backlogs.orderedStream().toList();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        backlogs.forEach(backlog -> Gauge.builder(backlog.meter(), () -> counts.get(backlog.meter()))
                .description(backlog.description())
                .baseUnit(backlog.unit())
                .register(registry));
    }

    @Scheduled(fixedDelay = 10, timeUnit = TimeUnit.SECONDS)
    void count() {
        try {
            backlogs.forEach(
                    backlog -> counts.put(backlog.meter(), backlog.count().getAsLong()));
        } catch (DataAccessException e) {
            counts.clear();
        }
    }
}
