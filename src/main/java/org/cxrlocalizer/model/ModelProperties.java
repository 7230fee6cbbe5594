package org.cxrlocalizer.model;

import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which model is served.
 *
 * @param name the package: a directory with model.pt, model.yaml and README.md
 * @param directory where packages lie besides the bundled one, as a path or a Spring resource location
 *     ("file:/opt/models/"); a package there comes before a bundled one of the same name
 * @param watch how often the package's manifest is looked at, whether it has been replaced; null for never
 */
@Validated
@ConfigurationProperties("model")
public record ModelProperties(
        @NotBlank String name,
        @DefaultValue(ModelCatalogue.BUNDLED) @NotBlank String directory,
        @Nullable Duration watch) {}
