package org.cxrlocalizer.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.cxrlocalizer.Application;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.web.servlet.handler.SimpleMappingExceptionResolver;

/** Who reaches the service may use it only where somebody has said so. Nothing here binds: the refusal comes before that. */
@ExtendWith(OutputCaptureExtension.class)
class BindingTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void withoutAModeOnlyLoopbackIsBound(String address, CapturedOutput output) {
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() ->
                        new SpringApplication(Application.class).run("--server.port=0", "--server.address=" + address))
                .havingRootCause()
                .isInstanceOf(UnprotectedServiceException.class);
        assertThat(output).contains("APPLICATION FAILED TO START", "Set security.mode");
    }

    @Test
    void whatIsWrittenOutIsDone() throws Exception {
        ServerProperties everywhere = new ServerProperties();

        assertThatExceptionOfType(UnprotectedServiceException.class).isThrownBy(() -> configuration(null, everywhere));
        assertThatCode(() -> configuration(SecurityProperties.Mode.NONE, everywhere))
                .doesNotThrowAnyException();
        everywhere.setAddress(java.net.InetAddress.getLoopbackAddress());
        assertThatCode(() -> configuration(null, everywhere)).doesNotThrowAnyException();
    }

    private static SecurityConfiguration configuration(
            SecurityProperties.@org.jspecify.annotations.Nullable Mode mode, ServerProperties server) {
        return new SecurityConfiguration(
                new SecurityProperties(mode, null, null, 30, List.of()), server, new SimpleMappingExceptionResolver());
    }
}
