// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.openapi;

import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.util.List;
import java.util.Objects;
import org.cxrlocalizer.evaluation.jobs.EvaluationJobs;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds the configured datasets to the document. */
@Configuration(proxyBeanMethods = false)
class ServedNames {

    @Bean
    OpenApiCustomizer datasets(EvaluationJobs evaluations) {
        List<String> names = List.copyOf(evaluations.datasets());
        return document -> {
            Schema<?> request =
                    Objects.requireNonNull(document.getComponents().getSchemas().get("EvaluationRequest"));
            if (!names.isEmpty() && request.getProperties().get("dataset") instanceof JsonSchema dataset) {
                dataset.setEnum(List.copyOf(names));
            }
        };
    }
}
