// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Leaves a node that is not of role {@code api} with health and metrics alone. */
@Configuration(proxyBeanMethods = false)
class RoleConfiguration implements WebMvcConfigurer {

    private final boolean answers;

    RoleConfiguration(Environment environment) {
        answers = NodeRoles.of(environment).contains(NodeRoles.Role.API);
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        if (!answers) {
            registry.addInterceptor(new HandlerInterceptor() {
                        @Override
                        public boolean preHandle(
                                HttpServletRequest request, HttpServletResponse response, Object handler) {
                            if (handler instanceof HandlerMethod) {
                                throw new NoApiException();
                            }
                            response.setStatus(HttpServletResponse.SC_NOT_FOUND); // of the page
                            return false;
                        }
                    })
                    .excludePathPatterns("/actuator/**");
        }
    }
}
