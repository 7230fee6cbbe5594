// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Optional;
import org.cxrlocalizer.jobs.NotOnCommandLine;
import org.jobrunr.jobs.annotations.Job;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.server.runner.ThreadLocalJobContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Posts the end of a job, or tries it once more after a growing pause. Public for the jobs library alone. */
@Component
@NotOnCommandLine
public class WebhookWorker implements JobRequestHandler<PostJobEnd> {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookWorker.class);

    /** With the library's growing pauses, the receiver may be away for hours. */
    private static final int RETRIES = 8;

    private final ObjectProvider<WebhookClient> configured;
    private final EndedJobs jobs;
    private final JsonMapper json;
    private final MeterRegistry meters;

    WebhookWorker(ObjectProvider<WebhookClient> configured, EndedJobs jobs, JsonMapper json, MeterRegistry meters) {
        this.configured = configured;
        this.jobs = jobs;
        this.json = json;
        this.meters = meters;
    }

    @Override
    @Job(name = "post the end of a job", retries = RETRIES)
    public void run(PostJobEnd request) throws IOException {
        WebhookClient client = configured.getIfAvailable();
        if (client == null) {
            throw new IOException("No webhook is configured on this node.");
        }
        Optional<?> answer = jobs.answer(request.kind(), request.job(), request.finished());
        if (answer.isEmpty()) {
            LOG.info("The end of the job {} is not posted: it was deleted or retried", request.job());
            return;
        }
        try {
            client.post(request.delivery(), request.kind(), json.writeValueAsBytes(answer.get()));
        } catch (IOException e) {
            boolean isLast = ThreadLocalJobContext.getJobContext().currentRetry() >= RETRIES;
            count(request, isLast ? "given-up" : "failed");
            if (isLast) {
                LOG.error("The end of the job {} was not posted in {} attempts", request.job(), RETRIES + 1, e);
            }
            throw e;
        }
        count(request, "delivered");
    }

    private void count(PostJobEnd request, String outcome) {
        meters.counter("cxr.webhook.attempts", "event", request.kind().event(), "outcome", outcome)
                .increment();
    }
}
