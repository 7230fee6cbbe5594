// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the reading of reports.
 *
 * @param maxSize largest report, with its message or document; a larger one is refused
 * @param lexicon a table of further words for findings, {@code label,means,phrase} in CSV
 * @param rules a table of further rules, {@code rule,assertion,scope,reach,phrase} in CSV
 */
@Validated
@ConfigurationProperties("reports")
public record ReportsProperties(
        @NotNull @DefaultValue("256KB") DataSize maxSize,
        @Nullable Path lexicon,
        @Nullable Path rules) {}
