// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.cxrlocalizer.pacs.PacsProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Deletes jobs that ended long ago. Off by default. What they stored in the PACS stays. */
@Component
@NotOnCommandLine
class PacsJobRetention {

    private static final Logger LOG = LoggerFactory.getLogger(PacsJobRetention.class);

    private final PacsJobStore store;
    private final PacsProperties properties;
    private final Clock clock;

    PacsJobRetention(PacsJobStore store, PacsProperties properties, Clock clock) {
        this.store = store;
        this.properties = properties;
        this.clock = clock;
    }

    @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    void retire() {
        Duration age = properties.keepFor();
        if (age == null) {
            return;
        }
        Instant before = clock.instant().minus(age);
        int deleted = store.deleteEndedBefore(before);
        if (deleted > 0) {
            LOG.info("Deleted {} PACS jobs that ended before {}, by pacs.keep-for={}", deleted, before, age);
        }
    }
}
