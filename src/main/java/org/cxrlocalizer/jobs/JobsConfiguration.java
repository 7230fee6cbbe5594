// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.time.Clock;
import org.jobrunr.storage.StorageProvider;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
class JobsConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** The jobs library finds its {@link JobsTables}, and makes none itself. */
    @Bean
    @NotOnCommandLine
    static AbstractDependsOnBeanFactoryPostProcessor jobsAfterTheirTables() {
        return new AbstractDependsOnBeanFactoryPostProcessor(
                StorageProvider.class, FlywayMigrationInitializer.class) {};
    }
}
