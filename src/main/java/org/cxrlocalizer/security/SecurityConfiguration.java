// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CorsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.session.DisableEncodeUrlFilter;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** The chain of filters that every request passes. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class SecurityConfiguration {

    private final SecurityProperties properties;
    private final HandlerExceptionResolver problems;
    private final AddressRules addresses;
    private final AuthenticationEntryPoint challenge;

    SecurityConfiguration(
            SecurityProperties properties,
            ServerProperties server,
            OAuth2ResourceServerProperties tokens,
            Environment environment,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        BindingRules.check(properties, server, environment);
        TokenRules.check(properties, tokens.getJwt());
        this.properties = properties;
        this.problems = problems;
        addresses = new AddressRules(properties.effectiveMode(), BindingRules.hasManagementPort(environment));
        challenge = new AuthenticationChallenge(properties.effectiveMode(), problems);
    }

    @Bean
    SecurityFilterChain requests(
            HttpSecurity http,
            ObjectProvider<ApiKeys> keys,
            ObjectProvider<RateLimit> limits,
            ObjectProvider<JwtDecoder> decoder,
            ObjectProvider<JwtAuthenticationConverter> converter) {
        // No cookie authenticates a request, so that no other page can send one in the name of a user.
        http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .cors(properties.allowedOrigins().isEmpty() ? AbstractHttpConfigurer::disable : this::allowOrigins)
                .exceptionHandling(handling -> handling.authenticationEntryPoint(challenge)
                        .accessDeniedHandler(
                                (request, response, e) -> problems.resolveException(request, response, null, e)));
        http.authorizeHttpRequests(addresses::authorize);
        switch (properties.effectiveMode()) {
            case NONE ->
                http.addFilterBefore(
                        new ForeignPageFilter(properties.allowedHosts(), properties.allowedOrigins(), problems),
                        AuthorizationFilter.class);
            case API_KEY ->
                http.addFilterBefore(new ApiKeyFilter(keys.getObject(), challenge), AuthorizationFilter.class);
            case JWT ->
                http.addFilterBefore(
                        bearerTokens(decoder.getObject(), converter.getIfAvailable(JwtAuthenticationConverter::new)),
                        AuthorizationFilter.class);
        }
        http.addFilterBefore(new AuditFilter.Noting(), AuthorizationFilter.class);
        // Again on a management port of its own, which has this chain and no other filter.
        http.addFilterBefore(audit(), DisableEncodeUrlFilter.class);
        limits.ifAvailable(
                limit -> http.addFilterBefore(new RateLimitFilter(limit, problems), AuthorizationFilter.class));
        return http.build();
    }

    /** The filter alone: the usual configurer also serves metadata of the resource, with claims that are not true here. */
    private BearerTokenAuthenticationFilter bearerTokens(JwtDecoder decoder, JwtAuthenticationConverter converter) {
        JwtAuthenticationProvider provider = new JwtAuthenticationProvider(decoder);
        provider.setJwtAuthenticationConverter(converter);
        BearerTokenAuthenticationFilter filter = new BearerTokenAuthenticationFilter(new ProviderManager(provider));
        AuthenticationEntryPointFailureHandler failures = new AuthenticationEntryPointFailureHandler(challenge);
        // An issuer that is away is answered as a problem too.
        failures.setRethrowAuthenticationServiceException(false);
        filter.setAuthenticationEntryPoint(challenge);
        filter.setAuthenticationFailureHandler(failures);
        return filter;
    }

    private void allowOrigins(CorsConfigurer<HttpSecurity> cors) {
        CorsConfiguration configuration = new CorsConfiguration();
        configuration.setAllowedOrigins(properties.allowedOrigins());
        configuration.setAllowedMethods(List.of("GET", "POST", "DELETE"));
        configuration.setAllowedHeaders(List.of("Authorization", "Content-Type", ApiKeyFilter.HEADER));
        configuration.setExposedHeaders(List.of("Location", "Retry-After"));
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/v1/**", configuration);
        cors.configurationSource(source);
    }

    private AuditFilter audit() {
        return new AuditFilter(new ClientAddress(properties.trustedProxies()));
    }

    @Bean
    FilterRegistrationBean<AuditFilter> auditFilter() {
        FilterRegistrationBean<AuditFilter> registration = new FilterRegistrationBean<>(audit());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return registration;
    }
}
