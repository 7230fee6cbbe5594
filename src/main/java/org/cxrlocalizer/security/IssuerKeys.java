// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys of an issuer, fetched from a configured address, or from the one that its metadata states (OpenID Connect Discovery
 * 1.0, section 4; RFC 8414, section 3).
 */
final class IssuerKeys implements JWKSetSource<SecurityContext> {

    private static final JsonMapper JSON = new JsonMapper();

    private final String issuer;
    private final BoundedRetriever http;
    private volatile @Nullable String address;

    /** @param address of the keys; null where the issuer's metadata state it */
    IssuerKeys(String issuer, @Nullable String address, BoundedRetriever http) {
        this.issuer = issuer;
        this.address = address;
        this.http = http;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context)
            throws KeySourceException {
        String known = address;
        if (known == null) {
            known = stated();
            address = known;
        }
        try {
            return new URLBasedJWKSetSource<>(URI.create(known).toURL(), http).getJWKSet(refresh, now, context);
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new JWKSetRetrievalException("The address of the issuer's keys is none", e);
        }
    }

    private String stated() throws KeySourceException {
        URI base = URI.create(issuer);
        String root = base.getScheme() + "://" + base.getRawAuthority();
        String path = base.getRawPath() == null ? "" : base.getRawPath().replaceFirst("/$", "");
        IOException failure = new IOException("no metadata");
        for (String place : List.of(
                root + path + "/.well-known/openid-configuration",
                root + "/.well-known/openid-configuration" + path,
                root + "/.well-known/oauth-authorization-server" + path)) {
            try {
                JsonNode metadata = JSON.readTree(
                        http.retrieveResource(URI.create(place).toURL()).getContent());
                if (issuer.equals(metadata.path("issuer").asString(""))
                        && metadata.path("jwks_uri").isString()) {
                    return metadata.path("jwks_uri").asString();
                }
            } catch (IOException e) {
                failure = e;
            } catch (JacksonException | IllegalArgumentException e) {
                failure = new IOException(e);
            }
        }
        throw new JWKSetRetrievalException("The issuer does not state where its keys are", failure);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
