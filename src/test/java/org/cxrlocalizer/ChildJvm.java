// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Command lines of JVMs that compile as briefly as the tests themselves. */
public final class ChildJvm {

    private ChildJvm() {}

    /**
     * A command line with the class path of the tests.
     *
     * @param options of the JVM, as {@code -Duser.language=tr}
     */
    public static List<String> command(List<String> options, Class<?> main, String... arguments) {
        return command(
                options, List.of("-XX:TieredStopAtLevel=1", "-cp", classPath(), main.getName()), List.of(arguments));
    }

    /**
     * A command line of the service, with the settings of the tests. The system property {@code cxr.application} has options of
     * {@code java} that run the packaged one, as {@code .ci/application} prints them; without it, the compiled classes are run.
     */
    public static List<String> application(List<String> options, String... arguments) {
        String packaged = System.getProperty("cxr.application");
        if (packaged == null) {
            return command(options, Application.class, arguments);
        }
        List<String> all = new ArrayList<>(options);
        all.add("-Dspring.config.additional-location=src/test/resources/config/");
        return command(all, List.of(packaged.split(" ")), List.of(arguments));
    }

    private static List<String> command(List<String> options, List<String> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.awt.headless=true");
        command.addAll(options);
        command.addAll(main);
        command.addAll(arguments);
        return command;
    }

    /** JUnit's console has a class loader of its own for it. */
    private static String classPath() {
        if (Thread.currentThread().getContextClassLoader() instanceof URLClassLoader loader) {
            return Arrays.stream(loader.getURLs()).map(ChildJvm::file).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }

    private static String file(URL url) {
        try {
            return Path.of(url.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
