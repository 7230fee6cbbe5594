package org.cxrlocalizer;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** States which room may see which (the design's table of rooms), and that there is no other arrow. */
class ArchitectureTest {

    private static final String BASE = "org.cxrlocalizer";

    private static final String[] OF_BOTH_ENDS = {
        "security", "geometry", "radiograph", "dicom", "model", "localization", "dataset", "evaluation", "pacs"
    };

    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("geometry"),
            entry("dicom", "geometry"),
            entry("radiograph", "geometry", "dicom"),
            entry("model", "geometry", "radiograph"),
            entry("localization", "geometry", "radiograph", "model"),
            entry("dataset", "geometry"),
            entry("evaluation", "geometry", "radiograph", "model", "localization", "dataset"),
            entry("pacs", "geometry", "radiograph", "dicom", "model", "localization"),
            entry("security"),
            entry("api", OF_BOTH_ENDS),
            entry("cli", OF_BOTH_ENDS));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);

    private static Map.Entry<String, Set<String>> entry(String room, String... others) {
        return Map.entry(room, Set.of(others));
    }

    @Test
    void roomsUseOnlyTheRoomsThatTheyMay() {
        Set<String> forbidden = new TreeSet<>();
        CLASSES.forEach(origin -> {
            String from = room(origin.getPackageName());
            for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                String target = dependency.getTargetClass().getPackageName();
                String to = room(target);
                boolean ours = target.startsWith(BASE);
                if (ours
                        && !to.isEmpty()
                        && !from.isEmpty()
                        && !to.equals(from)
                        && !MAY_USE.getOrDefault(from, Set.of()).contains(to)) {
                    forbidden.add(dependency.getDescription());
                }
            }
        });
        assertThat(forbidden).isEmpty();
    }

    @Test
    void everyRoomIsInTheTable() {
        assertThat(CLASSES.stream()
                        .map(type -> room(type.getPackageName()))
                        .filter(room -> !room.isEmpty())
                        .distinct())
                .hasSizeGreaterThan(5)
                .allMatch(MAY_USE::containsKey);
    }

    @Test
    void thereIsNoCycle() {
        slices().matching(BASE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /** The first package below the base; empty for the base itself. */
    private static String room(String packageName) {
        String below = packageName.substring(Math.min(packageName.length(), BASE.length() + 1));
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }
}
