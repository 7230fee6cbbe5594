// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import org.cxrlocalizer.json.StrictJson;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Strictness with what callers send: what has no meaning here is refused, and never ignored. */
@Configuration(proxyBeanMethods = false)
class RequestConfiguration implements WebMvcConfigurer {

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new PlainBodies()).addPathPatterns("/v1/**");
        registry.addInterceptor(new StrictParameters()).addPathPatterns("/v1/**");
    }

    @Override
    public void addFormatters(FormatterRegistry registry) {
        PlainNumbers.addTo(registry);
    }

    /** Spring's own handlers answer OPTIONS. */
    static boolean isOperation(Object handler) {
        return handler instanceof HandlerMethod method
                && method.getBeanType().getPackageName().equals(RequestConfiguration.class.getPackageName());
    }

    @Bean
    static JsonMapperBuilderCustomizer strictJson() {
        return StrictJson::of;
    }

    /** Behind Tomcat's own, which then finds the answer written. */
    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsOfHeads() {
        return factory -> factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new ProblemReportValve()));
    }
}
