// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.FileSystemResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The tables of {@code src/docs/configuration.md} list the settings of the configuration records, with their defaults and the
 * meanings of their Javadoc. {@code -Dconfiguration.update=true} writes the tables.
 */
class ConfigurationDocTest {

    private static final Path DOCUMENT = Path.of("src/docs/configuration.md");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path DEFAULTS = Path.of("src/main/resources/application.yaml");
    private static final String START = "<!-- settings -->\n";
    private static final String END = "<!-- end of settings -->";
    private static final String COMMAND =
            "the tables of settings; write them by ./mvnw test -Dtest=ConfigurationDocTest -Dconfiguration.update=true";

    private static final Pattern MAP = Pattern.compile("java\\.util\\.Map<java\\.lang\\.String,(.*)>");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+):(.*)}");
    private static final String BUNDLED = "@model.bundled@";

    private static final List<Setting> SETTINGS = new ArrayList<>();

    /** A row of a table; the record is the binary name of the type that has the setting. */
    private record Setting(String name, String fallback, String meaning, String type) {

        String root() {
            return name.substring(0, name.indexOf('.'));
        }

        String row() {
            return "| `%s` | %s | %s |\n"
                    .formatted(name, fallback, sentence(meaning).replace("|", "\\|"));
        }
    }

    @BeforeAll
    static void readSettings() throws IOException, ClassNotFoundException {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new FileSystemResource(DEFAULTS));
        Properties file = Objects.requireNonNull(yaml.getObject());
        try (InputStream metadata =
                Objects.requireNonNull(Application.class.getResourceAsStream(OwnSettings.METADATA))) {
            for (JsonNode property : new JsonMapper().readTree(metadata).path("properties")) {
                String name = property.path("name").asString();
                String type = property.path("sourceType").asString("");
                String meaning = property.path("description").asString("");
                Matcher map = MAP.matcher(property.path("type").asString(""));
                if (map.matches()) {
                    SETTINGS.add(new Setting(name + ".NAME", "none", meaning, type));
                    addParts(name + ".NAME.", map.group(1));
                } else if (type.startsWith("org.cxrlocalizer.") && !name.startsWith("management.")) {
                    SETTINGS.add(new Setting(
                            name, fallback(file.getProperty(name), property.get("defaultValue")), meaning, type));
                }
            }
        }
    }

    /** Adds the settings of a record under names that the user chooses, which the metadata do not list. */
    private static void addParts(String prefix, String type) throws IOException, ClassNotFoundException {
        Map<String, String> meanings = javadoc(type).stream()
                .skip(1)
                .map(parameter -> parameter.split(" ", 2))
                .collect(Collectors.toMap(words -> words[0], words -> words[1]));
        Class<?> owner = Class.forName(type);
        RecordComponent[] parts = owner.getRecordComponents();
        Parameter[] parameters = owner.getDeclaredConstructors()[0].getParameters();
        for (int i = 0; i < parts.length; i++) {
            DefaultValue given = parameters[i].getAnnotation(DefaultValue.class);
            SETTINGS.add(new Setting(
                    prefix + parts[i].getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT),
                    given == null ? "none" : code(String.join(", ", given.value())),
                    meanings.getOrDefault(parts[i].getName(), ""),
                    type));
        }
    }

    /** Returns the Javadoc of a record: what it is, then each parameter's name with its meaning. */
    private static List<String> javadoc(String type) throws IOException {
        String source =
                Files.readString(SOURCES.resolve(type.replaceAll("\\$.*", "").replace('.', '/') + ".java"));
        String simple = type.replaceAll(".*[.$]", "");
        int declared = source.indexOf("record %s(".formatted(simple));
        int begin = source.lastIndexOf("/**", declared) + "/**".length();
        String text = source.substring(begin, source.indexOf("*/", begin)).replaceAll("\\s*\\n\\s*\\*", " ");
        return Stream.of(text.replaceAll("\\s+", " ").split(" @param ", -1))
                .map(String::strip)
                .toList();
    }

    private static String fallback(@Nullable String ofFile, @Nullable JsonNode ofRecord) {
        if (ofFile != null) {
            Matcher variable = VARIABLE.matcher(ofFile);
            if (!variable.matches()) {
                return code(ofFile);
            }
            String otherwise = variable.group(2).replace("${user.home}", "~");
            return "`%s`, else %s"
                    .formatted(variable.group(1), otherwise.equals(BUNDLED) ? "the bundled model" : code(otherwise));
        }
        if (ofRecord == null) {
            return "none";
        }
        return code(ofRecord.asString().replaceAll("^\\[|]$", ""));
    }

    private static String code(String value) {
        return "`%s`".formatted(value);
    }

    /** Returns text of a Javadoc as a sentence in Markdown. */
    private static String sentence(String text) {
        String plain = text.replaceAll("\\{@code ([^}]*)}", "`$1`").strip();
        if (plain.isEmpty()) {
            return "";
        }
        return plain.substring(0, 1).toUpperCase(Locale.ROOT) + plain.substring(1) + (plain.endsWith(".") ? "" : ".");
    }

    private static String tables() throws IOException {
        Map<String, List<Setting>> groups =
                SETTINGS.stream().collect(Collectors.groupingBy(Setting::root, TreeMap::new, Collectors.toList()));
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, List<Setting>> group : groups.entrySet()) {
            String about = javadoc(group.getValue().get(0).type()).get(0);
            text.append("\n### %s\n\n%s\n\n".formatted(group.getKey(), sentence(about)))
                    .append("| setting | default | meaning |\n|---|---|---|\n");
            group.getValue().forEach(setting -> text.append(setting.row()));
        }
        return text.append("\n").toString();
    }

    @Test
    void theTablesAreThoseOfTheRecords() throws IOException {
        String text = Files.readString(DOCUMENT);
        String head = text.substring(0, text.indexOf(START) + START.length());
        String tail = text.substring(text.indexOf(END));
        if (Boolean.getBoolean("configuration.update")) {
            Files.writeString(DOCUMENT, head + tables() + tail);
        }

        assertThat(DOCUMENT).as(COMMAND).hasContent(head + tables() + tail);
    }

    @Test
    void eachSettingHasAMeaning() {
        assertThat(SETTINGS).hasSizeGreaterThan(50).allSatisfy(setting -> assertThat(setting.meaning())
                .as(setting.name())
                .isNotBlank());
    }

    @Test
    void eachVariableOfTheEnvironmentIsNamed() throws IOException {
        String text = Files.readString(DOCUMENT);
        List<String> variables = Pattern.compile("\\$\\{([A-Z_]+):")
                .matcher(Files.readString(DEFAULTS))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(variables).contains("STATE_DIRECTORY", "DATABASE_URL");
        assertThat(text).contains(variables).contains("`roles`", "`ROLES`");
    }
}
