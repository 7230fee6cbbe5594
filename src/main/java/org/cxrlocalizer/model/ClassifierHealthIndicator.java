package org.cxrlocalizer.model;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Part of readiness: a service whose last device is lost gets no more requests. */
@Component
class ClassifierHealthIndicator implements HealthIndicator {

    private final Classifier classifier;

    ClassifierHealthIndicator(Classifier classifier) {
        this.classifier = classifier;
    }

    @Override
    public Health health() {
        return classifier.isUsable() ? Health.up().build() : Health.down().build();
    }
}
