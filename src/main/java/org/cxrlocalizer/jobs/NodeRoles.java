// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.util.Map;
import java.util.Set;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * What this process does of the service's work: {@code roles=api} answers requests and leaves jobs to others, {@code roles=worker}
 * does jobs and answers nothing but health and metrics; both is the default. Nodes share a database and the state directory.
 */
final class NodeRoles implements EnvironmentPostProcessor {

    enum Role {
        API,
        WORKER
    }

    static final String PROPERTY = "roles";

    static Set<Role> of(Environment environment) {
        Set<Role> roles = Binder.get(environment)
                .bind(PROPERTY, Bindable.setOf(Role.class))
                .orElse(Set.of(Role.values()));
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("'roles' must be api, worker, or both");
        }
        return roles;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        boolean works = of(environment).contains(Role.WORKER);
        environment
                .getPropertySources()
                .addLast(new MapPropertySource("roles", Map.of("jobrunr.background-job-server.enabled", works)));
    }
}
