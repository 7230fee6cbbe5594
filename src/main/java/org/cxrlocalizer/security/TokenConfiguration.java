// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.ConfigurableJWTProcessor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** Which tokens are accepted: those of RFC 9068, and JWTs of other issuers that state as much. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@ConditionalOnProperty(name = "security.mode", havingValue = "jwt")
class TokenConfiguration {

    private static final Duration FETCH = Duration.ofSeconds(3);

    @Bean
    JwtDecoder jwtDecoder(SecurityProperties properties, OAuth2ResourceServerProperties tokens) {
        OAuth2ResourceServerProperties.Jwt settings = tokens.getJwt();
        TokenRules.check(properties, settings);
        NimbusJwtDecoder decoder = settings.getPublicKeyLocation() == null
                ? ofIssuer(settings)
                : ofKey(settings.getPublicKeyLocation(), settings);
        decoder.setJwtValidator(validator(settings));
        return decoder;
    }

    private static NimbusJwtDecoder ofIssuer(OAuth2ResourceServerProperties.Jwt settings) {
        CachedKeys keys = new CachedKeys(new IssuerKeys(
                Objects.requireNonNull(settings.getIssuerUri()), settings.getJwkSetUri(), new BoundedRetriever(FETCH)));
        return NimbusJwtDecoder.withJwkSource(keys)
                .jwsAlgorithms(algorithms -> algorithms.addAll(algorithms(settings)))
                .jwtProcessorCustomizer(TokenConfiguration::takeAllTypes)
                .build();
    }

    private static NimbusJwtDecoder ofKey(Resource file, OAuth2ResourceServerProperties.Jwt settings) {
        try (InputStream key = file.getInputStream()) {
            return NimbusJwtDecoder.withPublicKey(
                            Objects.requireNonNull(RsaKeyConverters.x509().convert(key)))
                    .signatureAlgorithm(algorithms(settings).get(0))
                    .jwtProcessorCustomizer(TokenConfiguration::takeAllTypes)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException("the public key of tokens cannot be read", e);
        }
    }

    private static List<SignatureAlgorithm> algorithms(OAuth2ResourceServerProperties.Jwt settings) {
        return settings.getJwsAlgorithms().stream()
                .map(name -> Objects.requireNonNull(SignatureAlgorithm.from(name), name))
                .toList();
    }

    /** A validator checks them: the decoder itself refuses RFC 9068's at+jwt. */
    private static void takeAllTypes(ConfigurableJWTProcessor<SecurityContext> processor) {
        processor.setJWSTypeVerifier((type, context) -> {});
    }

    private static OAuth2TokenValidator<Jwt> validator(OAuth2ResourceServerProperties.Jwt settings) {
        JwtTypeValidator type = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
        type.setAllowEmpty(true);
        JwtTimestampValidator time = new JwtTimestampValidator();
        time.setAllowEmptyExpiryClaim(false);
        return new DelegatingOAuth2TokenValidator<>(
                type,
                time,
                new JwtIssuerValidator(Objects.requireNonNull(settings.getIssuerUri())),
                new JwtClaimValidator<List<String>>(
                        JwtClaimNames.AUD,
                        audiences ->
                                audiences != null && audiences.stream().anyMatch(settings.getAudiences()::contains)),
                // Who it is: the rate is limited and the audit log written by it.
                new JwtClaimValidator<String>(JwtClaimNames.SUB, subject -> subject != null && !subject.isBlank()));
    }
}
