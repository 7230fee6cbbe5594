// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings of this program, by the metadata that the build makes of its configuration records.
 *
 * @param names with NAME for a name that the user chooses
 * @param roots the first parts of the names
 */
record OwnSettings(List<String> names, Set<String> roots) {

    static final String METADATA = "/META-INF/spring-configuration-metadata.json";

    /** First parts of others' settings that may stand beside ours. */
    static final Set<String> OF_OTHERS =
            Set.of("spring", "server", "management", "logging", "jobrunr", "springdoc", "java");

    private static final Pattern MAP =
            Pattern.compile("java\\.util\\.Map<java\\.lang\\.String,(org\\.cxrlocalizer\\..*)>");
    private static final String CHOSEN = "NAME";

    static OwnSettings read(InputStream metadata) {
        List<String> names = new ArrayList<>();
        for (JsonNode property : new JsonMapper().readTree(metadata).path("properties")) {
            String name = property.path("name").asString();
            if (OF_OTHERS.contains(root(name))) {
                continue;
            }
            Matcher map = MAP.matcher(property.path("type").asString(""));
            if (map.matches()) {
                components(map.group(1)).forEach(part -> names.add("%s.%s.%s".formatted(name, CHOSEN, part)));
            } else {
                names.add(name);
            }
        }
        return new OwnSettings(
                names, names.stream().map(OwnSettings::root).collect(Collectors.toCollection(TreeSet::new)));
    }

    private static String root(String name) {
        return name.substring(0, Math.max(0, name.indexOf('.')));
    }

    private static List<String> components(String type) {
        List<String> parts = new ArrayList<>();
        try {
            for (RecordComponent part : Class.forName(type).getRecordComponents()) {
                parts.add(part.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return parts;
    }

    /** Whether a name is one of them, as Spring Boot compares names: regardless of case and dashes. */
    boolean has(String name) {
        String given = uniform(name);
        return names.stream().anyMatch(known -> {
            if (given.startsWith(uniform(known) + ".")) {
                return true; // a part of it
            }
            String[] parts = known.split("\\.%s\\.".formatted(CHOSEN), 2);
            if (parts.length == 1) {
                return given.equals(uniform(known));
            }
            // A name that the user chooses has no dot, unless it is in brackets.
            return given.matches(
                    Pattern.quote(uniform(parts[0])) + "(\\.[^.]+|\\[[^]]+])\\." + Pattern.quote(uniform(parts[1])));
        });
    }

    private static String uniform(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "").replaceAll("\\[\\d+]$", "");
    }
}
