// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.util.List;
import org.cxrlocalizer.Application;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.web.servlet.handler.SimpleMappingExceptionResolver;

/** Who reaches the service may use it only where somebody has said so. Nothing here binds: the refusal comes before that. */
@ExtendWith(OutputCaptureExtension.class)
class BindingTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void withoutAModeOnlyLoopbackIsBound(String address) throws Exception {
        ServerProperties server = new ServerProperties();
        server.setAddress(InetAddress.getByName(address));

        assertThatExceptionOfType(UnprotectedServiceException.class).isThrownBy(() -> configuration(null, server));
    }

    @Test
    void withoutAModeAServiceForOthersDoesNotStart(CapturedOutput output) {
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() ->
                        new SpringApplication(Application.class).run("--server.port=0", "--server.address=0.0.0.0"))
                .havingRootCause()
                .isInstanceOf(UnprotectedServiceException.class);
        assertThat(output).contains("APPLICATION FAILED TO START", "Set security.mode");
    }

    @Test
    void withoutAModeAManagementPortOfItsOwnIsBoundToLoopbackOnly(CapturedOutput output) {
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> new SpringApplication(Application.class)
                        .run("--server.port=0", "--server.address=127.0.0.1", "--management.server.port=0"))
                .havingRootCause()
                .isInstanceOf(UnprotectedServiceException.class);
        assertThat(output).contains("every address (management.server.address)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"issuer-uri=https://issuer.example", "audiences=cxr-localizer"})
    void tokensAreTakenOfAnIssuerAndForThisServiceOnly(String alone, CapturedOutput output) {
        String jwt = "--spring.security.oauth2.resourceserver.jwt.";
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> new SpringApplication(Application.class)
                        .run(
                                "--server.port=0",
                                "--security.mode=jwt",
                                jwt + "jwk-set-uri=http://127.0.0.1:1/keys",
                                jwt + alone))
                .havingRootCause()
                .isInstanceOf(UncheckedTokensException.class);
        assertThat(output).contains("Set issuer-uri and audiences");
    }

    @Test
    void whatIsWrittenOutIsDone() throws Exception {
        ServerProperties everywhere = new ServerProperties();

        assertThatExceptionOfType(UnprotectedServiceException.class).isThrownBy(() -> configuration(null, everywhere));
        assertThatCode(() -> configuration(SecurityProperties.Mode.NONE, everywhere))
                .doesNotThrowAnyException();
        everywhere.setAddress(InetAddress.getLoopbackAddress());
        assertThatCode(() -> configuration(null, everywhere)).doesNotThrowAnyException();
    }

    private static SecurityConfiguration configuration(
            SecurityProperties.@org.jspecify.annotations.Nullable Mode mode, ServerProperties server) {
        return new SecurityConfiguration(
                new SecurityProperties(mode, null, null, 30, List.of(), List.of(), List.of()),
                server,
                new OAuth2ResourceServerProperties(),
                new MockEnvironment(),
                new SimpleMappingExceptionResolver());
    }
}
