// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The page: plain files, which may load nothing but each other and the service's answers. Spring Boot forwards {@code /} to
 * {@code /index.html}.
 */
@Configuration(proxyBeanMethods = false)
class PageConfiguration implements WebMvcConfigurer {

    private static final String[] FILES = {"/index.html", "/page/*", "/samples/*"};

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
                    + " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /** Files have no versions in their names: a browser checks each time whether it has the newest, by the content's hash. */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        add(registry, "/index.html", "classpath:/static/");
        add(registry, "/page/*", "classpath:/static/page/");
        add(registry, "/samples/*", "classpath:/static/samples/", "classpath:/samples/");
    }

    private static void add(ResourceHandlerRegistry registry, String path, String... locations) {
        registry.addResourceHandler(path)
                .addResourceLocations(locations)
                .setCacheControl(CacheControl.noCache())
                .setUseLastModified(false)
                .setEtagGenerator(PageConfiguration::hash);
    }

    /** Weak, because Tomcat compresses no file with a strong one. */
    private static String hash(Resource resource) {
        try (InputStream content = resource.getInputStream()) {
            return "W/\"" + DigestUtils.md5DigestAsHex(content) + '"';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new HandlerInterceptor() {
                    @Override
                    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
                        response.setHeader("Content-Security-Policy", POLICY);
                        response.setHeader("X-Content-Type-Options", "nosniff");
                        response.setHeader("Referrer-Policy", "no-referrer");
                        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
                        return true;
                    }
                })
                .addPathPatterns(FILES);
    }
}
