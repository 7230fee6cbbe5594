// SPDX-License-Identifier: Apache-2.0
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
 * @param name the model package: a directory with {@code model.pt}, {@code model.yaml} and {@code README.md}
 * @param directory where packages lie besides the bundled one, as a path ({@code /opt/models}) or a Spring resource location
 *     ({@code file:/opt/models/}); a package there comes before a bundled one of the same name
 * @param watch how often ({@code 10s}) each node reads the package's manifest, to reload a package that was replaced; never by
 *     default
 */
@Validated
@ConfigurationProperties("model")
public record ModelProperties(
        @NotBlank String name,
        @DefaultValue(ModelCatalogue.BUNDLED) @NotBlank String directory,
        @Nullable Duration watch) {}
