// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A process that is out of memory ends, however it was started: its threads are gone, and it answers nothing any more. Containers
 * start with what the documents show.
 */
class StartLinesTest {

    private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";
    private static final String OPTIONS = "@/opt/cxr-localizer/java.options";
    private static final Pattern START = Pattern.compile("\\bjava\\s(?!-Djarmode=)[^`\\n]*cxr-localizer\\.jar");

    /** Where the build or the image has the jar, seen from the directory that a reader is in. */
    private static final Pattern JAR =
            Pattern.compile(" (target|target/service|/opt/cxr-localizer)/cxr-localizer\\.jar");

    private static final Pattern ENTRY_POINT = Pattern.compile("(?m)^ENTRYPOINT.*$");

    /** What would replace the entry point of the image, or its options. */
    private static final Pattern REPLACED =
            Pattern.compile("(?m)^\\s*(- )?(entrypoint|command|name: (JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS)).*java.*$");

    private static final Pattern CONTINUED = Pattern.compile("\\\\\\n#? *");
    private static final Pattern CONTAINER = Pattern.compile(
            "docker run\\s(?<options>[^\\n]*)\\scxr-localizer(?:-gpu)?(?<command>[^\\S\\n][^\\n]*)?\\n");

    /** A build of the image of the Dockerfile; that of docker/gpu.Dockerfile takes the application from it. */
    private static final Pattern BUILD = Pattern.compile("docker build\\s(?![^\\n]*\\s-f\\s)[^\\n]*");

    private static List<Path> files(String ending, String... directories) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String directory : directories) {
            try (Stream<Path> files = Files.walk(Path.of(directory))) {
                files.filter(file -> file.toString().endsWith(ending)).forEach(found::add);
            }
        }
        return found;
    }

    @Test
    void eachDocumentedStartOfTheJarEndsTheProcess() throws IOException {
        List<Path> documents = files(".md", "models", "src/docs");
        documents.add(Path.of("README.md"));
        documents.add(Path.of("docker/train"));
        int starts = 0;
        for (Path document : documents) {
            Matcher start = START.matcher(Files.readString(document));
            while (start.find()) {
                starts++;
                assertThat(start.group())
                        .as(document.toString())
                        .containsAnyOf(EXIT, OPTIONS)
                        .containsPattern(JAR);
            }
        }
        assertThat(starts).isGreaterThan(5);
    }

    @Test
    void theImagesEndTheProcess() throws IOException {
        assertThat(Files.readAllLines(Path.of("docker/java.options"))).contains(EXIT);
        for (Path file : List.of(Path.of("Dockerfile"), Path.of("docker/gpu.Dockerfile"))) {
            assertThat(ENTRY_POINT.matcher(Files.readString(file)).results())
                    .as(file.toString())
                    .singleElement()
                    .satisfies(line -> assertThat(line.group()).contains(OPTIONS));
        }
        List<Path> manifests = files(".yaml", "docker");
        assertThat(manifests).hasSizeGreaterThan(3);
        for (Path manifest : manifests) {
            assertThat(REPLACED.matcher(Files.readString(manifest)).results())
                    .as("%s keeps the image's entry point", manifest)
                    .isEmpty();
        }
    }

    private static List<Path> documentsOfContainers() throws IOException {
        List<Path> documents = files(".md", "models", "src/docs");
        documents.addAll(List.of(
                Path.of("README.md"),
                Path.of("CONTRIBUTING.md"),
                Path.of("Dockerfile"),
                Path.of("docker/gpu.Dockerfile")));
        return documents;
    }

    /** The images bind all addresses, and the service refuses to do so without a mode; commands of the jar bind none. */
    @Test
    void eachDocumentedContainerOfTheServiceHasASecurityMode() throws IOException {
        int containers = 0;
        for (Path document : documentsOfContainers()) {
            String text = CONTINUED.matcher(Files.readString(document)).replaceAll(" ");
            Matcher container = CONTAINER.matcher(text);
            while (container.find()) {
                containers++;
                if (container.group("command") == null) {
                    assertThat(container.group("options"))
                            .as(document.toString())
                            .contains("-e SECURITY_MODE=");
                }
            }
            assertThat(Pattern.compile("docker run\\s").matcher(text).results().count())
                    .as("%s: each image is named", document)
                    .isEqualTo(CONTAINER.matcher(text).results().count());
        }
        assertThat(containers).isGreaterThan(3);
    }

    @Test
    void eachDocumentedBuildOfTheImageStatesWhereTheJarIsFrom() throws IOException {
        int builds = 0;
        for (Path document : documentsOfContainers()) {
            Matcher build = BUILD.matcher(Files.readString(document));
            while (build.find()) {
                builds++;
                assertThat(build.group())
                        .as(document.toString())
                        .containsAnyOf("--build-arg MVNW_REPOURL=", "--build-arg JAR=prebuilt");
            }
        }
        assertThat(builds).isGreaterThan(3);
    }

    @Test
    void aStartByMavenEndsTheProcess() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .containsPattern("<spring-boot\\.run\\.jvmArguments>[^<]*" + Pattern.quote(EXIT) + "[^<]*<")
                .doesNotContain("<jvmArguments>");
    }
}
