// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.cxrlocalizer.dataset.DatasetProperties;
import org.cxrlocalizer.dataset.FileSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** Settings that name files, and settings that are misspelt. */
@ExtendWith(OutputCaptureExtension.class)
class SettingsTest {

    @TempDir
    Path folder;

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    private static void start(String... settings) {
        new SpringApplicationBuilder(Nothing.class)
                .web(WebApplicationType.NONE)
                .run(settings)
                .close();
    }

    @ParameterizedTest
    @CsvSource({
        "security.request-per-minute, security.requests-per-minute",
        "security.api-key, security.api-keys",
        "model.directry, model.directory",
        "modle.name, model.name",
        "evaluation.datasets.boxed.label, evaluation.datasets.NAME.labels",
        "evaluation.dataset.boxed.labels, evaluation.datasets.NAME.labels",
        "dataset.entry, dataset.entries"
    })
    void aMisspeltSettingIsReportedWithTheNearest(String given, String nearest, CapturedOutput output) {
        start("--" + given + "=1");

        assertThat(output).contains("There is no setting '%s'; the nearest one is '%s'.".formatted(given, nearest));
    }

    @Test
    void existingSettingsAreNotReportedWhateverTheirSpelling(CapturedOutput output) {
        start(
                "--security.requestsPerMinute=3",
                "--evaluation.roots[0]=/",
                "--evaluation.datasets.my-set.images=/",
                "--pacs.nodes.main.base-url=http://localhost",
                "--logging.level.web=info",
                "--jobrunr.database.type=sql",
                "--mode=x",
                "--roles=api");

        assertThat(output).doesNotContain("There is no setting");
    }

    @Test
    void filesAreNamedByPlainPathsAndByLocations() throws IOException {
        Path file = Files.writeString(folder.resolve("x.csv"), "x");

        for (String value : new String[] {file.toString(), "file:" + file, "classpath:nih/BBox_List_2017.csv"}) {
            DatasetProperties properties = new Binder(new MapConfigurationPropertySource(
                            Map.of("dataset.entries", value, "dataset.box-list", value)))
                    .bindOrCreate("dataset", DatasetProperties.class);

            assertThat(FileSetting.resourceOrNull(properties.entries()))
                    .as(value)
                    .satisfies(named -> assertThat(named.isReadable()).isTrue());
            assertThat(properties.boxList().resource().exists()).isTrue();
            assertThat(properties.testList()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model.others, cxr14-cells, 'must name each model once, with model.others and model.shadow'",
        "model.shadow, cxr14-cells, 'must name each model once, with model.others and model.shadow'",
        "pacs.nodes.main.model, tried, 'No such model is served; there is cxr14-cells.'"
    })
    void aModelThatCannotBeChosenIsRefusedAtTheStart(
            String setting, String value, String reason, CapturedOutput output) {
        assertThatThrownBy(() -> new SpringApplication(Application.class)
                        .run(
                                "--server.port=0",
                                "--spring.datasource.url=jdbc:h2:mem:chosen",
                                "--evaluation.directory=" + folder.resolve("state"),
                                "--pacs.nodes.main.base-url=http://127.0.0.1:1",
                                "--" + setting + "=" + value))
                .isNotNull();
        assertThat(output).contains(reason).contains("APPLICATION FAILED TO START");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dataset.entries",
                "dataset.box-list",
                "evaluation.datasets.mine.labels",
                "evaluation.datasets.mine.images"
            })
    void aFileThatIsNotThereIsRefusedInTwoLinesThatNameSettingAndFile(String setting, CapturedOutput output) {
        Path missing = folder.resolve("missing.csv");

        assertThatThrownBy(() -> new SpringApplication(Application.class)
                        .run(
                                "--server.port=0",
                                "--evaluation.directory=" + folder.resolve("state"),
                                "--evaluation.datasets.%s.images=%s"
                                        .formatted(setting.endsWith("images") ? "other" : "mine", folder),
                                "--" + setting + "=" + missing)
                        .close())
                .isInstanceOf(Exception.class);

        assertThat(output.toString())
                .containsPattern("Description:\\R\\R[^\\n]*The setting " + Pattern.quote(setting) + " names "
                        + Pattern.quote(missing.toString())
                        + ", which does not exist\\.\\R\\RAction:\\R\\R[^\\n]*Name a file")
                .doesNotContain("\tat ");
    }

    @Test
    void aListThatIsNoneIsRefusedInTwoLines(CapturedOutput output) throws IOException {
        Path list = Files.writeString(folder.resolve("list.csv"), "a,b\n");

        assertThatThrownBy(() -> new SpringApplication(Application.class)
                        .run(
                                "--server.port=0",
                                "--evaluation.directory=" + folder.resolve("state"),
                                "--dataset.box-list=" + list)
                        .close())
                .isInstanceOf(Exception.class);

        assertThat(output.toString())
                .containsPattern("Description:\\R\\R[^\\n]*Line 1 of list\\.csv has no column 'Image Index'")
                .doesNotContain("\tat ");
    }
}
