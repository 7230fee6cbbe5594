// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import jakarta.servlet.MultipartConfigElement;
import java.nio.file.Path;
import java.util.List;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.servlet.autoconfigure.MultipartProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    private static final long BESIDE_THE_IMAGE = 1 << 20;

    /** Media types of a header that cannot be read: nothing has this type. */
    private static final List<MediaType> NONE = List.of(MediaType.valueOf("application/x-malformed-accept-header"));

    private final ImageUploadResolver imageUploads;
    private final ReportUploadResolver reportUploads;

    WebConfiguration(ImageUploadResolver imageUploads, ReportUploadResolver reportUploads) {
        this.imageUploads = imageUploads;
        this.reportUploads = reportUploads;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(imageUploads);
        resolvers.add(reportUploads);
    }

    /**
     * Generated Python clients accept only {@code application/problem+json} where the answer is a file. The operation's media type
     * is used then.
     */
    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
        configurer.strategies(List.of(new HeaderContentNegotiationStrategy() {
            @Override
            public List<MediaType> resolveMediaTypes(NativeWebRequest request) {
                List<MediaType> accepted;
                try {
                    accepted = super.resolveMediaTypes(request);
                } catch (HttpMediaTypeNotAcceptableException e) {
                    return NONE; // thrown once more, it would keep the problem from being written
                }
                return accepted.equals(List.of(MediaType.APPLICATION_PROBLEM_JSON)) ? MEDIA_TYPE_ALL_LIST : accepted;
            }
        }));
    }

    /** The server's own would lie in a directory of its own, which nothing removes after a process that was killed. */
    @Bean
    UploadDirectory uploadDirectory() {
        return UploadDirectory.create(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** Limits the size of a form by that of the image and that of the fields beside it. */
    @Bean
    MultipartConfigElement multipart(MultipartProperties properties, UploadDirectory uploads) {
        MultipartConfigElement parts = properties.createMultipartConfig();
        long image = parts.getMaxFileSize();
        return new MultipartConfigElement(
                parts.getLocation().isEmpty() ? uploads.path().toString() : parts.getLocation(),
                image,
                image < 0 ? image : image + BESIDE_THE_IMAGE,
                parts.getFileSizeThreshold());
    }

    /** No operation takes a form in this encoding; the server would take the body of an image for one and drop it. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> noEncodedForms() {
        return factory -> factory.addConnectorCustomizers(connector -> connector.setParseBodyMethods(""));
    }

    /** An encoded slash in a path is for our own checks to refuse, with a problem instead of Tomcat's HTML page. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> encodedSlashes() {
        return factory -> factory.addConnectorCustomizers(connector -> {
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
            connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        });
    }
}
