package org.cxrlocalizer.evaluation.jobs;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class JobsConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
