// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which models are served.
 *
 * @param name the model package: a directory with {@code model.pt}, {@code model.yaml} and {@code README.md}. Requests that name
 *     no model are answered by it
 * @param others more packages that are served; requests choose them by name. Each has workers and a queue of its own, by the
 *     settings {@code inference}
 * @param shadow a package that runs after the first one on the images of {@code /v1/localizations}: callers do not see its
 *     answers; metrics and the log compare them with those that callers get
 * @param directory where packages lie besides the bundled one, as a path ({@code /opt/models}) or a Spring resource location
 *     ({@code file:/opt/models/}); a package there comes before a bundled one of the same name
 * @param watch how often ({@code 10s}) each node reads the packages' manifests, to reload a package that was replaced; never by
 *     default
 */
@Validated
@ConfigurationProperties("model")
public record ModelProperties(
        @NotBlank String name,
        @DefaultValue List<@NotBlank String> others,
        @Nullable String shadow,
        @DefaultValue(ModelCatalogue.BUNDLED) @NotBlank String directory,
        @Nullable Duration watch) {

    /** Returns the models that requests can choose, the default first. */
    public List<String> served() {
        return Stream.concat(Stream.of(name), others.stream()).toList();
    }

    /** Returns all models that are loaded. */
    public List<String> loaded() {
        return Stream.concat(served().stream(), Stream.ofNullable(shadow)).toList();
    }

    @AssertTrue(message = "must name each model once, with model.others and model.shadow")
    boolean isNameUnique() {
        return new HashSet<>(loaded()).size() == loaded().size();
    }
}
