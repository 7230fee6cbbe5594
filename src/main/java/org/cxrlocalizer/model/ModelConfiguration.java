// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ModelConfiguration {

    @Bean
    ModelCatalogue modelCatalogue(ModelProperties model) {
        return new ModelCatalogue(model.directory());
    }
}
