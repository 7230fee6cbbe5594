// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Answers the addresses that Spring Security's firewall refuses. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class FirewallConfiguration {

    /** An address answers a method that it does not take with 405 and those that it does; the firewall would answer 400. */
    @Bean
    StrictHttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        return firewall;
    }

    /** Paths that go up, or hide slashes: refused before any other filter, as a problem and not as a page of the server. */
    @Bean
    RequestRejectedHandler refusedAddresses(@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        return (request, response, e) -> problems.resolveException(request, response, null, e);
    }
}
