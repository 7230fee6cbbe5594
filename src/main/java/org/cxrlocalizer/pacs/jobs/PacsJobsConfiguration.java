package org.cxrlocalizer.pacs.jobs;

import org.cxrlocalizer.jobs.Backlog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

@Configuration(proxyBeanMethods = false)
class PacsJobsConfiguration {

    @Bean
    @Profile("!command-line")
    Backlog openPacsJobs(PacsJobs jobs) {
        return new Backlog(
                "cxr.pacs.jobs.open",
                "Studies of a PACS that wait or are being localized, of all nodes",
                null,
                jobs::open);
    }
}
