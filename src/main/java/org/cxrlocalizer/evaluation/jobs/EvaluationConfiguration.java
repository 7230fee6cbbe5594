// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.cxrlocalizer.jobs.Backlog;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.util.unit.DataSize;

@Configuration(proxyBeanMethods = false)
class EvaluationConfiguration {

    @Bean
    @NotOnCommandLine
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

    @Bean
    @NotOnCommandLine
    Backlog imagesOfEvaluations(EvaluationJobs jobs) {
        return new Backlog(
                "cxr.evaluations.waiting",
                "Images that open evaluations have not got to yet, of all nodes",
                "images",
                jobs::imagesWaiting);
    }
}
