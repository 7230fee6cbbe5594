// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cxrlocalizer.Application;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The commands of the jar that documents show are those that the jar has, with its options. */
class DocumentedCommandsTest {

    /** Options of docker, curl and the package tidecv. */
    private static final Set<String> OF_OTHERS = Set.of("--user", "--secret", "--data-binary", "--true_pos_only");

    private static CommandLine commands() {
        return CommandLineInterface.commands(new Parts(Application.class));
    }

    private static List<DocumentedCommand> documented(boolean started) throws IOException {
        return DocumentedCommand.all(commands().getSubcommands().keySet()).stream()
                .filter(command -> command.started() == started)
                .toList();
    }

    @Test
    void eachDocumentedStartOfACommandIsWellFormed() throws IOException {
        List<DocumentedCommand> started = documented(true);

        for (DocumentedCommand command : started) {
            assertThatCode(() -> commands().parseArgs(command.arguments().toArray(String[]::new)))
                    .as(command.toString())
                    .doesNotThrowAnyException();
        }
        assertThat(started).hasSizeGreaterThan(5);
    }

    /** A mention may lack options that are required. */
    @Test
    void eachMentionedCommandAndOptionIsOne() throws IOException {
        List<DocumentedCommand> mentioned = documented(false);
        List<String> unknown = new ArrayList<>();

        for (DocumentedCommand command : mentioned) {
            List<String> arguments = command.withOptionalParts();
            if (arguments.get(0).startsWith("--")) {
                if (!OF_OTHERS.contains(arguments.get(0)) && !has(commands(), arguments.get(0))) {
                    unknown.add("%s is an option of no command".formatted(command));
                }
                continue;
            }
            CommandLine place = commands();
            for (String argument : arguments) {
                Map<String, CommandLine> below = place.getSubcommands();
                CommandLine next = below.get(argument);
                if (next != null) {
                    place = next;
                } else if (argument.startsWith("-")
                        ? place.getCommandSpec().findOption(argument) == null
                        : !below.isEmpty()) {
                    unknown.add("%s has no %s".formatted(command, argument));
                }
            }
        }

        assertThat(unknown).isEmpty();
        assertThat(mentioned).hasSizeGreaterThan(30);
    }

    /** Whether a command, or one below it, has the option. */
    private static boolean has(CommandLine command, String option) {
        return command.getCommandSpec().findOption(option) != null
                || command.getSubcommands().values().stream().anyMatch(below -> has(below, option));
    }
}
