package org.cxrlocalizer.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.annotation.web.configurers.CorsConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** The chain of filters that every request passes, and what each address asks for. What is not named here is refused. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class SecurityConfiguration {

    private static final String[] OPEN = {
        "/", "/index.html", "/page/*", "/samples/*", "/v3/api-docs", "/actuator/health/**", "/error"
    };

    private static final String MANAGEMENT_ADDRESS = "management.server.address";

    private final SecurityProperties properties;
    private final HandlerExceptionResolver problems;
    private final boolean hasManagementPort;

    SecurityConfiguration(
            SecurityProperties properties,
            ServerProperties server,
            OAuth2ResourceServerProperties tokens,
            Environment environment,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        this.properties = properties;
        this.problems = problems;
        hasManagementPort = ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
        if (properties.mode() == null) {
            requireLoopback("server.address", server.getAddress());
            if (hasManagementPort) {
                requireLoopback(MANAGEMENT_ADDRESS, environment.getProperty(MANAGEMENT_ADDRESS, InetAddress.class));
            }
        }
        if (properties.mode() == SecurityProperties.Mode.JWT) {
            requireTokensOfThisService(tokens.getJwt());
        }
    }

    private static void requireLoopback(String setting, @Nullable InetAddress address) {
        if (address == null || !address.isLoopbackAddress()) {
            throw UnprotectedServiceException.bound(setting, address);
        }
    }

    /** Spring Security takes a token of any issuer and audience where none is named: with the right key, one of another service. */
    private static void requireTokensOfThisService(OAuth2ResourceServerProperties.Jwt jwt) {
        if (jwt.getIssuerUri() == null || jwt.getAudiences().isEmpty()) {
            throw new UncheckedTokensException();
        }
    }

    @Bean
    SecurityFilterChain requests(HttpSecurity http, Clock clock, ObjectProvider<RateLimit> limits) {
        // No cookie authenticates a request, so that no other page can send one in the name of a user.
        http.csrf(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .cors(properties.allowedOrigins().isEmpty() ? AbstractHttpConfigurer::disable : this::allowOrigins)
                .exceptionHandling(handling -> handling.authenticationEntryPoint(this::askWho)
                        .accessDeniedHandler(
                                (request, response, e) -> problems.resolveException(request, response, null, e)));
        http.authorizeHttpRequests(this::authorize);
        switch (properties.effectiveMode()) {
            case NONE -> {}
            case API_KEY ->
                http.addFilterBefore(
                        new ApiKeyFilter(
                                new ApiKeys(Objects.requireNonNull(properties.apiKeys()), clock), this::askWho),
                        AuthorizationFilter.class);
            case JWT ->
                http.oauth2ResourceServer(
                        tokens -> tokens.jwt(Customizer.withDefaults()).authenticationEntryPoint(this::askWho));
        }
        http.addFilterBefore(new AuditFilter.Noting(), AuthorizationFilter.class);
        limits.ifAvailable(
                limit -> http.addFilterBefore(new RateLimitFilter(limit, problems), AuthorizationFilter.class));
        return http.build();
    }

    private void authorize(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests) {
        if (properties.effectiveMode() == SecurityProperties.Mode.NONE) {
            requests.anyRequest().permitAll();
            return;
        }
        requests.requestMatchers(OPEN)
                .permitAll()
                .requestMatchers(HttpMethod.OPTIONS, "/v1/**")
                .permitAll();
        if (hasManagementPort) {
            // What reaches that port is the operator's to choose; nothing but the actuator is there, and it nowhere
            // else.
            requests.requestMatchers("/actuator/**").permitAll();
        }
        requests.requestMatchers("/actuator/**", "/v1/evaluations", "/v1/evaluations/**")
                .hasAuthority(Scope.ADMIN.authority())
                .requestMatchers("/v1/pacs/**")
                .hasAuthority(Scope.PACS.authority())
                .requestMatchers("/v1/**")
                .hasAuthority(Scope.LOCALIZE.authority())
                .anyRequest()
                .denyAll();
    }

    private void askWho(HttpServletRequest request, HttpServletResponse response, AuthenticationException e) {
        if (properties.effectiveMode() == SecurityProperties.Mode.JWT) {
            new BearerTokenAuthenticationEntryPoint().commence(request, response, e);
        } else {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "ApiKey header=\"%s\"".formatted(ApiKeyFilter.HEADER));
        }
        problems.resolveException(request, response, null, e);
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

    /** Paths that go up, or hide slashes: refused before any other filter, as a problem and not as a page of the server. */
    @Bean
    RequestRejectedHandler refusedAddresses() {
        return (request, response, e) -> problems.resolveException(request, response, null, e);
    }

    @Bean
    FilterRegistrationBean<AuditFilter> auditFilter() {
        FilterRegistrationBean<AuditFilter> registration = new FilterRegistrationBean<>(new AuditFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return registration;
    }
}
