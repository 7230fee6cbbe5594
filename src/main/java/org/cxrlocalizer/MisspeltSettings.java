// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.cxrlocalizer.json.NearestName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Warns of settings that this program does not have, with the nearest one that it has: Spring Boot ignores them, and a limit
 * that is misspelt does not limit. Settings of the system's environment are not looked at, because others set some there.
 */
final class MisspeltSettings implements ApplicationListener<ApplicationPreparedEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(MisspeltSettings.class);

    /** More letters that differ are another word. */
    private static final int NEAR = 2;

    @Override
    public void onApplicationEvent(ApplicationPreparedEvent event) {
        List<String> given = given(event.getApplicationContext().getEnvironment());
        if (given.isEmpty()) {
            return;
        }
        try (InputStream metadata = Application.class.getResourceAsStream(OwnSettings.METADATA)) {
            if (metadata != null) {
                OwnSettings own = OwnSettings.read(metadata);
                given.stream()
                        .filter(name -> own.roots().contains(root(name)) || isNearlyOwn(name, own))
                        .filter(name -> !own.has(name))
                        .forEach(name -> LOG.warn(
                                "There is no setting '{}'; the nearest one is '{}'.", name, nearest(name, own)));
            }
        } catch (IOException e) {
            LOG.debug("The settings cannot be checked", e);
        }
    }

    /** What a user gave: on the command line, as a property of the JVM, or in a file outside of the jar. */
    private static List<String> given(ConfigurableEnvironment environment) {
        TreeSet<String> names = new TreeSet<>();
        environment.getPropertySources().stream()
                .filter(source -> !source.getName().contains("class path resource"))
                .filter(source -> !source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME))
                .forEach(source -> {
                    if (source instanceof EnumerablePropertySource<?> listed) {
                        Stream.of(listed.getPropertyNames())
                                .filter(name -> name.matches("[A-Za-z][\\w-]*(\\.[\\w\\[\\]-]+)+"))
                                .forEach(names::add);
                    }
                });
        return List.copyOf(names);
    }

    /** Whether the first part is nearly one of this program's; other programs' properties of the JVM may be. */
    private static boolean isNearlyOwn(String name, OwnSettings own) {
        String root = root(name);
        return !OwnSettings.OF_OTHERS.contains(root)
                && System.getProperty(name) == null
                && own.roots().stream().anyMatch(known -> NearestName.edits(root, known) <= NEAR);
    }

    private static String root(String name) {
        return name.substring(0, name.indexOf('.')).toLowerCase(Locale.ROOT);
    }

    private static String nearest(String name, OwnSettings own) {
        Optional<String> nearest =
                own.names().stream().min(Comparator.comparingInt(known -> NearestName.edits(name, known)));
        return nearest.orElseThrow();
    }
}
