// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/** Makes the path of the state directory absolute: H2 refuses a relative one in the address of a database. */
final class AbsoluteStateDirectory implements EnvironmentPostProcessor {

    private static final String PROPERTY = "evaluation.directory";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        String directory = environment.getProperty(PROPERTY);
        if (StringUtils.hasText(directory)) {
            String absolute = Path.of(directory).toAbsolutePath().toString();
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource("absoluteStateDirectory", Map.of(PROPERTY, absolute)));
        }
    }
}
