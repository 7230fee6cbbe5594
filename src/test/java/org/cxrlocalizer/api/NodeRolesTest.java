// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cxrlocalizer.Application;
import org.jobrunr.server.BackgroundJobServer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** What a node of one role does, and what it leaves to others. */
class NodeRolesTest {

    private static ConfigurableApplicationContext run(String roles) {
        return new SpringApplication(Application.class).run("--server.port=0", "--roles=" + roles);
    }

    private static Http http(ConfigurableApplicationContext node) {
        return new Http(node.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @Test
    void aWorkerDoesJobsAndAnswersHealthAlone() {
        try (ConfigurableApplicationContext worker = run("worker")) {
            assertThat(worker.getBeanProvider(BackgroundJobServer.class).getIfAvailable())
                    .isNotNull();
            assertThat(http(worker).get("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(http(worker).get("/actuator/prometheus").status()).isEqualTo(200);
            assertThat(http(worker).get("/").status()).isEqualTo(404);
            for (String path : new String[] {"/v1/models", "/v1/evaluations"}) {
                Http.Answer answer = http(worker).get(path);
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.json().get("detail").asString()).startsWith("This node does jobs");
            }
        }
    }

    @Test
    void anApiNodeLeavesJobsToOthers() {
        try (ConfigurableApplicationContext api = run("api")) {
            assertThat(api.getBeanProvider(BackgroundJobServer.class).getIfAvailable())
                    .isNull();
            assertThat(http(api).get("/v1/models").status()).isEqualTo(200);
        }
    }

    @Test
    void anotherRoleIsRefused() {
        assertThatThrownBy(() -> run("gateway")).hasStackTraceContaining("gateway");
    }
}
