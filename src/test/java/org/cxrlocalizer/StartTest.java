// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cxrlocalizer.inference.InferenceProperties;
import org.cxrlocalizer.model.ModelProperties;
import org.cxrlocalizer.model.ModelRefusedException;
import org.cxrlocalizer.radiograph.RadiographProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class StartTest {

    @Test
    void aModelThatIsNotThereStopsTheStartInWords(CapturedOutput output) {
        assertThatThrownBy(() -> start("--model.name=nothing")).hasRootCauseInstanceOf(ModelRefusedException.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("model 'nothing' is refused: model.yaml is missing")
                .doesNotContain("\tat org.springframework");
    }

    @Test
    void aWrongSettingStopsTheServiceInWords(CapturedOutput output) {
        assertThatThrownBy(() -> start("--inference.workers=-1")).isInstanceOf(RuntimeException.class);

        assertThat(output).contains("APPLICATION FAILED TO START").contains("workers");
    }

    /** Without the rest of the service, whose start takes seconds. */
    @ParameterizedTest
    @CsvSource({
        "--inference.queue-capacity=0, queueCapacity",
        "--inference.device=tpu, 'gpu:0,gpu:1'",
        "--inference.deadline=0ms, deadline",
        "--radiograph.max-pixels=0, maxPixels",
        "--model.name=, name"
    })
    void aWrongSettingStopsTheStartInWords(String argument, String property, CapturedOutput output) {
        SpringApplication settings = new SpringApplication(Settings.class);
        settings.setWebApplicationType(WebApplicationType.NONE);

        assertThatThrownBy(() -> settings.run(argument).close()).isInstanceOf(RuntimeException.class);

        assertThat(output).contains("APPLICATION FAILED TO START").contains(property);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({InferenceProperties.class, ModelProperties.class, RadiographProperties.class})
    static class Settings {}

    private static void start(String argument) {
        new SpringApplication(Application.class)
                .run(argument, "--server.port=0")
                .close();
    }
}
