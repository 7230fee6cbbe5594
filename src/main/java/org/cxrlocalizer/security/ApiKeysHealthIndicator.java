// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down while the file of the keys cannot be read: a key that is revoked in it, or added to it, has no effect then. */
record ApiKeysHealthIndicator(ApiKeys keys) implements HealthIndicator {

    @Override
    public Health health() {
        return keys.isCurrent() ? Health.up().build() : Health.down().build();
    }
}
