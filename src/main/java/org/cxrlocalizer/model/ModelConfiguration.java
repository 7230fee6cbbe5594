package org.cxrlocalizer.model;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Loads the configured model before the web server opens its port, so that the service starts only with a model that
 * loaded, and is ready only once it is warm.
 */
@Configuration(proxyBeanMethods = false)
class ModelConfiguration {

    @Bean
    ModelCatalogue modelCatalogue(ModelProperties model, InferenceProperties inference) {
        return new ModelCatalogue(model.directory(), inference);
    }

    @Bean
    Classifier classifier(ModelCatalogue catalogue, ModelProperties model) {
        return catalogue.load(model.name());
    }
}
