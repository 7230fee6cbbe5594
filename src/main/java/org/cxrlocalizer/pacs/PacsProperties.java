package org.cxrlocalizer.pacs;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.results.ResultKind;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The PACS that studies are fetched from and results are sent to.
 *
 * @param nodes by the name that a caller gives: nothing else can be reached
 * @param results the kinds of object that are sent back
 * @param acceptUnsaid whether an image is localized whose file does not state a chest and a frontal view; one whose file states
 *     something else is refused all the same
 */
@Validated
@ConfigurationProperties("pacs")
public record PacsProperties(
        @DefaultValue Map<String, @Valid Node> nodes,

        @DefaultValue({"structured-report", "presentation-state", "secondary-capture"}) @NotEmpty
        Set<ResultKind> results,

        @DefaultValue("false") boolean acceptUnsaid) {

    /**
     * A PACS.
     *
     * @param baseUrl of its DICOMweb services, as {@code https://pacs/dicom-web}
     * @param username with {@code password}, for basic authentication
     * @param token a bearer token, instead of those
     * @param sslBundle name of the SSL bundle (spring.ssl.bundle) with the certificates that are trusted, and our own key
     *     where the PACS asks for it; the platform's trust by default
     * @param connectTimeout how long a connection may take
     * @param timeout how long an answer may take to begin, and to go on
     */
    public record Node(
            @NotNull URI baseUrl,
            @Nullable String username,
            @Nullable String password,
            @Nullable String token,
            @Nullable String sslBundle,
            @DefaultValue("5s") Duration connectTimeout,
            @DefaultValue("60s") Duration timeout) {

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
}
