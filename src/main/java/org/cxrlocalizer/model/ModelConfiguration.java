package org.cxrlocalizer.model;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;

/**
 * Loads the configured model before the web server opens its port, so that the service starts only with a model that
 * loaded, and is ready only once it is warm.
 */
@Configuration(proxyBeanMethods = false)
class ModelConfiguration {

    @Bean
    Classifier classifier(ModelProperties model, InferenceProperties inference, ResourceLoader resources) {
        String location = model.directory() + (model.directory().endsWith("/") ? "" : "/") + model.name() + "/";
        return Classifier.load(ModelPackage.read(model.name(), resources.getResource(location)), inference);
    }
}
