// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@ConditionalOnProperty("security.requests-per-minute")
class RateLimitConfiguration {

    @Bean
    @ConditionalOnExpression("environment['spring.datasource.url'].startsWith('jdbc:postgresql:')")
    SharedBuckets sharedBuckets(DataSource database, Clock clock) {
        return new SharedBuckets(database, clock);
    }

    @Bean
    RateLimit rateLimit(SecurityProperties properties, Optional<SharedBuckets> shared, Clock clock) {
        return new RateLimit(Objects.requireNonNull(properties.requestsPerMinute()), properties.burst(), shared, clock);
    }
}
