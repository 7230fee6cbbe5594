// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;

/** Observations that become timers, as they do in the service. */
public final class Observed {

    private Observed() {}

    public static ObservationRegistry by(MeterRegistry meters) {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
        return observations;
    }
}
