package org.cxrlocalizer.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Loads the configured model before the web server opens its port, so that the service starts only with a model that
 * loaded, and is ready only once it is warm.
 */
@Configuration(proxyBeanMethods = false)
class ModelConfiguration {

    @Bean
    ModelCatalogue modelCatalogue(
            ModelProperties model,
            InferenceProperties inference,
            MeterRegistry meters,
            ObservationRegistry observations) {
        return new ModelCatalogue(model.directory(), inference, meters, observations);
    }

    @Bean
    Classifier classifier(ModelCatalogue catalogue, ModelProperties model) {
        return catalogue.load(model.name());
    }
}
