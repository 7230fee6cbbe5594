// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs.jobs;

import org.cxrlocalizer.jobs.Backlog;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PacsJobsConfiguration {

    @Bean
    @NotOnCommandLine
    Backlog openPacsJobs(PacsJobs jobs) {
        return new Backlog(
                "cxr.pacs.jobs.open",
                "Studies of a PACS that wait or are being localized, of all nodes",
                null,
                jobs::open);
    }
}
