// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Part of readiness: a service gets no more requests once the last device of a model is lost. */
@Component
class ClassifierHealthIndicator implements HealthIndicator {

    private final ServedModels models;

    ClassifierHealthIndicator(ServedModels models) {
        this.models = models;
    }

    @Override
    public Health health() {
        return models.areUsable() ? Health.up().build() : Health.down().build();
    }
}
