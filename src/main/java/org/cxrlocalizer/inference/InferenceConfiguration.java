// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.cxrlocalizer.model.ModelCatalogue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class InferenceConfiguration {

    @Bean
    ModelLoader modelLoader(
            ModelCatalogue catalogue,
            InferenceProperties inference,
            MeterRegistry meters,
            ObservationRegistry observations) {
        return new ModelLoader(catalogue, inference, meters, observations);
    }

    @Bean
    PredictionCache predictionCache(PredictionCacheProperties properties, MeterRegistry meters) {
        return new PredictionCache(properties, meters);
    }
}
