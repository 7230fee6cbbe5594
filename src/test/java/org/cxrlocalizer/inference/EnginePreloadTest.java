// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class EnginePreloadTest {

    private final List<Integer> loaded = new CopyOnWriteArrayList<>();

    private void start(WebApplicationType type, String threads) throws InterruptedException {
        SpringApplication application = new SpringApplication(EnginePreloadTest.class);
        application.setWebApplicationType(type);
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("given", Map.of("inference.threads", threads)));
        EnginePreload preload = new EnginePreload(loaded::add);

        preload.onApplicationEvent(new ApplicationEnvironmentPreparedEvent(
                new DefaultBootstrapContext(), application, new String[0], environment));

        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(EnginePreload.THREAD)) {
                thread.join();
            }
        }
    }

    @Test
    void aServiceLoadsPyTorchWithItsThreadsBesideSpring() throws Exception {
        start(WebApplicationType.SERVLET, "3");

        assertThat(loaded).containsExactly(3);
    }

    @Test
    void aCommandDoesNotForItMayNeedNoModel() throws Exception {
        start(WebApplicationType.NONE, "3");

        assertThat(loaded).isEmpty();
    }

    @Test
    void aValueThatIsNoNumberIsLeftToTheCheckOfTheProperties() throws Exception {
        start(WebApplicationType.SERVLET, "many");

        assertThat(loaded).isEmpty();
    }
}
