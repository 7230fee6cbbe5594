// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.pacs;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.cxrlocalizer.dicom.documents.PictureFormat;
import org.cxrlocalizer.model.OperatingPoint;
import org.cxrlocalizer.results.ResultKind;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The PACS that studies are fetched from and results are sent to.
 *
 * @param nodes each PACS by the name that callers give: nothing else can be reached
 * @param results the kinds of object that are stored in the PACS
 * @param acceptUnsaid whether to localize images whose files do not state chest and frontal view. A contradicting statement is
 *     always refused
 * @param operatingPoint the operating point ({@code sensitive}, {@code balanced} or {@code specific}) whose cut-offs decide which
 *     findings are positive in stored results, where the model has operating points
 * @param keepFor age ({@code 30d}) at which jobs that have ended are deleted, without what they stored in the PACS; never by
 *     default
 */
@Validated
@ConfigurationProperties("pacs")
public record PacsProperties(
        @DefaultValue Map<String, @Valid Node> nodes,

        @DefaultValue({"structured-report", "presentation-state", "secondary-capture"}) @NotEmpty
        Set<ResultKind> results,

        @DefaultValue("false") boolean acceptUnsaid,
        @DefaultValue("specific") OperatingPoint operatingPoint,
        @Nullable Duration keepFor) {

    /**
     * A PACS.
     *
     * @param baseUrl address of its DICOMweb services, as {@code https://pacs/dicom-web}
     * @param username name for basic authentication, with a password
     * @param password password for basic authentication
     * @param token a bearer token, instead of name and password
     * @param sslBundle name of the SSL bundle ({@code spring.ssl.bundle}) with the certificates that are trusted, and the service's
     *     client key, if the PACS requires one; the platform's trust by default
     * @param connectTimeout how long a connection may take
     * @param timeout how long an answer may take to begin, and to go on
     * @param pictures how the pixels of secondary captures are written: {@code uncompressed}, {@code rle}, or {@code jpeg} with
     *     loss
     * @param operatingPoint the operating point for this PACS, instead of {@code pacs.operating-point}
     * @param model the served model for this PACS, instead of {@code model.name}
     */
    public record Node(
            @NotNull URI baseUrl,
            @Nullable String username,
            @Nullable String password,
            @Nullable String token,
            @Nullable String sslBundle,
            @DefaultValue("5s") Duration connectTimeout,
            @DefaultValue("60s") Duration timeout,
            @DefaultValue("uncompressed") PictureFormat pictures,
            @Nullable OperatingPoint operatingPoint,
            @Nullable String model) {

        @AssertTrue(message = "must be an http or https address without a query")
        boolean isBaseUrlUsable() {
            return baseUrl == null
                    || (Set.of("http", "https").contains(String.valueOf(baseUrl.getScheme()))
                            && baseUrl.getHost() != null
                            && baseUrl.getQuery() == null);
        }

        @AssertTrue(message = "must have a username with a password, or a token, or none of these")
        boolean isAuthenticationClear() {
            return (username == null) == (password == null) && (username == null || token == null);
        }
    }

    public PacsProperties {
        nodes = Map.copyOf(nodes);
        results = Set.copyOf(results);
    }

    /** Returns the operating point for a PACS, which must be configured. */
    public OperatingPoint operatingPoint(String node) {
        OperatingPoint own = Objects.requireNonNull(nodes.get(node)).operatingPoint();
        return own == null ? operatingPoint : own;
    }
}
