package org.cxrlocalizer.model;

import jakarta.validation.constraints.NotBlank;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which model is served.
 *
 * @param name the package: a directory with model.pt, model.yaml and README.md
 * @param directory where packages lie, as a Spring resource location that ends with a slash ("file:/opt/models/"); the
 *     default holds the bundled model
 */
@Validated
@ConfigurationProperties("model")
public record ModelProperties(
        @NotBlank String name,
        @DefaultValue("classpath:/models/") @NotBlank String directory) {}
