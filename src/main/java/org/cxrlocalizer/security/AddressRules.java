// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import jakarta.servlet.DispatcherType;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;

/** The scope that each address requires. An address that is not named here is refused. */
record AddressRules(SecurityProperties.Mode mode, boolean managementPort) {

    private static final String[] OPEN = {
        "/", "/index.html", "/page/*", "/samples/*", "/v3/api-docs", "/actuator/health/**", "/error"
    };

    void authorize(AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests) {
        if (mode == SecurityProperties.Mode.NONE) {
            requests.anyRequest().permitAll();
            return;
        }
        // Only the service itself dispatches a request once more: a stream of events, which was authorized at its first
        // dispatch.
        requests.dispatcherTypeMatchers(DispatcherType.ASYNC)
                .permitAll()
                .requestMatchers(OPEN)
                .permitAll()
                .requestMatchers(HttpMethod.OPTIONS, "/v1/**")
                .permitAll();
        if (managementPort) {
            // The operator chooses what reaches that port. It serves the actuator alone, and no other port serves that.
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
}
