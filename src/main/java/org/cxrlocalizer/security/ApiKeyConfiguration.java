// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.time.Clock;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The keys of a file, where callers are authenticated by them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@Conditional(ApiKeyConfiguration.KeyMode.class)
class ApiKeyConfiguration {

    /** Whether the mode is that of keys, in whatever form it is written. */
    static final class KeyMode implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return Binder.get(context.getEnvironment())
                            .bind("security.mode", SecurityProperties.Mode.class)
                            .orElse(SecurityProperties.Mode.NONE)
                    == SecurityProperties.Mode.API_KEY;
        }
    }

    @Bean
    ApiKeys apiKeys(SecurityProperties properties, Clock clock) {
        return new ApiKeys(Objects.requireNonNull(properties.apiKeys()), clock);
    }

    @Bean
    ApiKeysHealthIndicator apiKeysHealthIndicator(ApiKeys keys) {
        return new ApiKeysHealthIndicator(keys);
    }
}
