package org.cxrlocalizer.model;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

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
}
