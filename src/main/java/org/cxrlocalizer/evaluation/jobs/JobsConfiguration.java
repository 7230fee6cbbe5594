package org.cxrlocalizer.evaluation.jobs;

import java.time.Clock;
import org.cxrlocalizer.evaluation.ScoringMemory;
import org.jobrunr.storage.StorageProvider;
import org.springframework.boot.autoconfigure.AbstractDependsOnBeanFactoryPostProcessor;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.util.unit.DataSize;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
class JobsConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    @Profile("!command-line")
    ScoringMemory scoringMemory(EvaluationProperties properties) {
        return scoringMemory(properties, ScoringMemory.ofService());
    }

    @Bean
    @Profile("command-line")
    ScoringMemory scoringMemoryOfCommand(EvaluationProperties properties) {
        return scoringMemory(properties, ScoringMemory.ofCommand());
    }

    private static ScoringMemory scoringMemory(EvaluationProperties properties, long byDefault) {
        DataSize memory = properties.memory();
        return new ScoringMemory(memory == null ? byDefault : memory.toBytes());
    }

    /** The jobs library finds its {@link JobsTables}, and makes none itself. */
    @Bean
    @Profile("!command-line")
    static AbstractDependsOnBeanFactoryPostProcessor jobsAfterTheirTables() {
        return new AbstractDependsOnBeanFactoryPostProcessor(
                StorageProvider.class, FlywayMigrationInitializer.class) {};
    }
}
