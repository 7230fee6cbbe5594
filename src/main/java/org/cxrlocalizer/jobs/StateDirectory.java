// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Refuses to start, before any part is made, where the state directory cannot be written. */
@Component
@NotOnCommandLine
class StateDirectory implements BeanFactoryPostProcessor, EnvironmentAware {

    private Path directory = Path.of("");

    @Override
    public void setEnvironment(Environment environment) {
        directory = Path.of(environment.getRequiredProperty("evaluation.directory"));
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        try {
            Files.delete(Files.createTempFile(Files.createDirectories(directory), "writable", null));
        } catch (IOException e) {
            throw new UnusableStateDirectoryException(directory, e);
        }
    }
}
