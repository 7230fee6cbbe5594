// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What the service writes does not depend on the language of the machine. */
class LocaleTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.cxrlocalizer");

    /** Each has a form that takes a locale, and one that takes the machine's. */
    private static final Map<Class<?>, Set<String>> OF_A_LOCALE = Map.of(
            String.class, Set.of("toLowerCase", "toUpperCase", "format"),
            PrintStream.class, Set.of("format"),
            PrintWriter.class, Set.of("format"),
            Formatter.class, Set.of("<init>"),
            Scanner.class, Set.of("<init>"),
            DecimalFormat.class, Set.of("<init>"),
            SimpleDateFormat.class, Set.of("<init>"),
            NumberFormat.class, Set.of("getInstance", "getNumberInstance", "getIntegerInstance", "getPercentInstance"),
            DateTimeFormatter.class, Set.of("ofPattern"),
            DateTimeFormatterBuilder.class, Set.of("toFormatter"));

    /** A fraction or grouped digits, which {@code formatted} and {@code printf} write as the machine's language does. */
    private static final Pattern NUMBERS_OF_A_LANGUAGE =
            Pattern.compile("\"[^\"]*%[-#+ 0(]*(,[-#+ 0,(]*[\\d.]*d|[\\d.]*[efgEG])[^\"]*\"\\s*(\\.formatted\\()");

    private static final Pattern PRINTED =
            Pattern.compile("printf\\(\\s*\"[^\"]*%[-#+ 0(]*(,[-#+ 0,(]*[\\d.]*d|[\\d.]*[efgEG])[^\"]*\"");

    @Test
    void noCodeUsesTheLocaleOfTheMachine() {
        noClasses()
                .should()
                .callCodeUnitWhere(target(new DescribedPredicate<CodeUnitCallTarget>("takes the machine's locale") {
                    @Override
                    public boolean test(CodeUnitCallTarget called) {
                        return OF_A_LOCALE.entrySet().stream()
                                .anyMatch(type -> called.getOwner().isEquivalentTo(type.getKey())
                                        && type.getValue().contains(called.getName())
                                        && hasNoLocale(called.getRawParameterTypes()));
                    }
                }))
                .check(CLASSES);
    }

    private static boolean hasNoLocale(List<JavaClass> parameters) {
        return parameters.stream().noneMatch(type -> type.isEquivalentTo(Locale.class));
    }

    @Test
    void noFractionIsWrittenInTheLanguageOfTheMachine() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
                String code = Files.readString(file);
                Assertions.assertThat(
                                NUMBERS_OF_A_LANGUAGE.matcher(code).results().map(it -> it.group()))
                        .as("%s: String.format(Locale.ROOT, …)", file)
                        .isEmpty();
                Assertions.assertThat(PRINTED.matcher(code).results().map(it -> it.group()))
                        .as("%s: printf(Locale.ROOT, …)", file)
                        .isEmpty();
            }
        }
    }
}
