// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.annotation.EnableScheduling;

/** States every package and every arrow between two of them (the design's table of rooms): there are no others. */
class ArchitectureTest {

    private static final String BASE = "org.cxrlocalizer";

    private static final Path SOURCES = Path.of("src/main/java/org/cxrlocalizer");
    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?org\\.cxrlocalizer\\.([a-z0-9.]+)\\.[A-Z]", Pattern.MULTILINE);

    /** Above all rooms: the entry point of the jar. */
    private static final String ENTRY = "";

    /** Lowest first: a package uses only those before it. */
    private static final List<Map.Entry<String, Set<String>>> FLOORS = List.of(
            room("version"),
            room("json"),
            room("geometry"),
            room("dicom"),
            room("dicom.documents", "geometry", "dicom"),
            room("radiograph.pixels"),
            room("radiograph.png", "radiograph.pixels"),
            room("radiograph.jpeg", "radiograph.pixels"),
            room("radiograph.jpegls", "radiograph.pixels"),
            room("radiograph.jpeg2000", "dicom"),
            room(
                    "radiograph.dicom",
                    "dicom",
                    "radiograph.pixels",
                    "radiograph.jpeg",
                    "radiograph.jpegls",
                    "radiograph.jpeg2000"),
            room("radiograph", "dicom", "radiograph.pixels", "radiograph.png", "radiograph.jpeg", "radiograph.dicom"),
            room("model"),
            room("inference", "geometry", "radiograph", "model"),
            room("localization", "json", "geometry"),
            room("comparison", "geometry", "localization"),
            room("drawing", "geometry", "radiograph", "localization", "comparison"),
            room("serving", "geometry", "radiograph", "model", "inference", "localization"),
            room("reports"),
            room("reports.documents", "json", "dicom", "reports"),
            room("reports.comparison", "geometry", "localization", "reports"),
            room("reports.tables", "reports"),
            room("dataset", "geometry", "comparison"),
            room("evaluation.metrics", "geometry", "localization", "dataset"),
            room("evaluation.scoring", "geometry", "model", "localization", "dataset", "evaluation.metrics"),
            room(
                    "evaluation.report",
                    "geometry",
                    "localization",
                    "comparison",
                    "drawing",
                    "reports",
                    "reports.tables",
                    "dataset",
                    "evaluation.metrics",
                    "evaluation.scoring"),
            room(
                    "evaluation",
                    "geometry",
                    "radiograph.pixels",
                    "radiograph",
                    "model",
                    "inference",
                    "localization",
                    "drawing",
                    "serving",
                    "reports.tables",
                    "dataset",
                    "evaluation.metrics",
                    "evaluation.scoring",
                    "evaluation.report"),
            room("jobs"),
            room(
                    "evaluation.jobs",
                    "version",
                    "radiograph",
                    "inference",
                    "serving",
                    "dataset",
                    "evaluation.metrics",
                    "evaluation.scoring",
                    "evaluation",
                    "jobs"),
            room(
                    "results",
                    "version",
                    "dicom",
                    "dicom.documents",
                    "radiograph",
                    "model",
                    "inference",
                    "localization",
                    "drawing"),
            room("pacs", "dicom.documents", "model", "results"),
            room("pacs.dicomweb", "dicom", "radiograph", "pacs"),
            room(
                    "pacs.jobs",
                    "dicom",
                    "dicom.documents",
                    "radiograph.pixels",
                    "radiograph",
                    "model",
                    "inference",
                    "localization",
                    "serving",
                    "jobs",
                    "results",
                    "pacs",
                    "pacs.dicomweb"),
            room("security"),
            room("api.web", "radiograph", "model", "reports", "security"),
            room("api.events"),
            room(
                    "api",
                    "json",
                    "geometry",
                    "dicom",
                    "dicom.documents",
                    "radiograph.pixels",
                    "radiograph",
                    "model",
                    "inference",
                    "localization",
                    "comparison",
                    "drawing",
                    "serving",
                    "dataset",
                    "evaluation.metrics",
                    "evaluation.scoring",
                    "evaluation",
                    "jobs",
                    "evaluation.jobs",
                    "results",
                    "pacs.jobs",
                    "reports",
                    "reports.comparison",
                    "reports.documents",
                    "security",
                    "api.web",
                    "api.events"),
            room("webhook", "version", "jobs", "evaluation.jobs", "pacs.jobs", "api"),
            room("api.openapi", "radiograph", "evaluation.jobs", "api", "webhook"),
            room(
                    "batch",
                    "version",
                    "geometry",
                    "dicom.documents",
                    "radiograph",
                    "model",
                    "inference",
                    "localization",
                    "comparison",
                    "drawing",
                    "serving",
                    "evaluation.metrics",
                    "evaluation",
                    "results",
                    "api"),
            room(
                    "cli",
                    "version",
                    "radiograph",
                    "model",
                    "inference",
                    "localization",
                    "reports",
                    "reports.tables",
                    "dataset",
                    "evaluation.metrics",
                    "evaluation.scoring",
                    "evaluation.report",
                    "evaluation",
                    "results",
                    "security",
                    "batch"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);

    private static Map.Entry<String, Set<String>> room(String name, String... uses) {
        return Map.entry(name, Set.of(uses));
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(BASE) || type.getPackageName().startsWith(BASE + ".");
    }

    /** The whole package below the base; empty for the base itself. */
    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(BASE) ? ENTRY : name.substring(BASE.length() + 1);
    }

    private static Stream<String> arrows(JavaClass origin) {
        return origin.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(ArchitectureTest::isOurs)
                .map(ArchitectureTest::room)
                .filter(target -> !target.equals(room(origin)))
                .map(target -> room(origin) + " -> " + target);
    }

    /** Constants that the compiler copies, and types that are only passed on, leave imports and no trace in classes. */
    private static Stream<String> imports(Path file) {
        String folder = SOURCES.relativize(file.getParent()).toString();
        String room = folder.replace(File.separatorChar, '.');
        try {
            return IMPORT.matcher(Files.readString(file))
                    .results()
                    .map(found -> found.group(1))
                    .filter(target -> !target.equals(room))
                    .map(target -> room + " -> " + target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyRoomIsInTheTable() {
        assertThat(CLASSES.stream()
                        .map(ArchitectureTest::room)
                        .filter(room -> !room.equals(ENTRY))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(
                        FLOORS.stream().map(Map.Entry::getKey).toList());
    }

    @Test
    void everyArrowIsInTheTableAndNoOther() throws IOException {
        Set<String> stated = FLOORS.stream()
                .flatMap(room -> room.getValue().stream().map(used -> room.getKey() + " -> " + used))
                .collect(Collectors.toCollection(TreeSet::new));
        stated.add(ENTRY + " -> cli");
        stated.add(ENTRY + " -> json");
        Set<String> found = new TreeSet<>();
        CLASSES.stream().flatMap(ArchitectureTest::arrows).forEach(found::add);
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(ArchitectureTest::imports)
                    .forEach(found::add);
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(stated);
    }

    @Test
    void arrowsPointDownwards() {
        Set<String> below = new HashSet<>();
        List<String> upwards = new ArrayList<>();
        FLOORS.forEach(room -> {
            room.getValue().stream()
                    .filter(used -> !below.contains(used))
                    .forEach(used -> upwards.add(room.getKey() + " -> " + used));
            below.add(room.getKey());
        });
        assertThat(upwards).isEmpty();
    }

    @Test
    void thereIsNoCycle() {
        slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void mathematicsHasNoSpring() {
        noClasses()
                .that()
                .resideInAnyPackage(BASE + ".geometry", BASE + ".localization")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(CLASSES);
    }

    /** Of the reading of reports, only what binds the settings has. */
    @Test
    void readingReportsNeedsNoSpring() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".reports")
                .and()
                .haveSimpleNameNotStartingWith("Reports")
                .and()
                .haveSimpleNameNotEndingWith("FailureAnalyzer")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(CLASSES);
    }

    @Test
    void schedulingIsSwitchedOnOnce() {
        assertThat(CLASSES.stream().filter(type -> type.isAnnotatedWith(EnableScheduling.class)))
                .extracting(ArchitectureTest::room)
                .containsExactly("jobs");
    }
}
