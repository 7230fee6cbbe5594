// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.serving;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.cxrlocalizer.model.ModelCatalogue;
import org.cxrlocalizer.model.ModelProperties;
import org.cxrlocalizer.model.ModelRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.ScheduledTaskRegistrar;

/** Reloads a model when its package has been replaced: each node by itself, which is the way for many of them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("model.watch")
class ModelWatch implements SchedulingConfigurer {

    private static final Logger LOG = LoggerFactory.getLogger(ModelWatch.class);

    private final ServedModels models;
    private final ModelCatalogue catalogue;
    private final ModelProperties properties;
    private final Map<String, Long> seen = new HashMap<>();

    ModelWatch(ServedModels models, ModelCatalogue catalogue, ModelProperties properties) throws IOException {
        this.models = models;
        this.catalogue = catalogue;
        this.properties = properties;
        for (String name : properties.loaded()) {
            seen.put(name, catalogue.modified(name));
        }
    }

    @Override
    public void configureTasks(ScheduledTaskRegistrar tasks) {
        tasks.addFixedDelayTask(() -> seen.keySet().forEach(this::look), Objects.requireNonNull(properties.watch()));
    }

    /** A package that cannot be used is looked at again only when it has been replaced once more. */
    private void look(String name) {
        try {
            Long modified = catalogue.modified(name);
            if (!modified.equals(seen.put(name, modified))) {
                models.reload(name);
            }
        } catch (IOException | ModelRefusedException e) {
            LOG.warn("The new model package is refused, and the old model keeps serving: {}", e.getMessage());
        }
    }
}
