// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.PrintStream;
import java.util.Set;
import org.cxrlocalizer.security.ApiKey;
import org.cxrlocalizer.security.Scope;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Makes API keys. */
@Command(name = "keys", description = "Makes API keys.")
final class KeysCommand {

    private final PrintStream out = System.out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(description = "Makes a key, and the entry for the file that security.api-keys names.")
    void make(
            @Parameters(paramLabel = "NAME", description = "Name of the holder, as in the audit log.") String name,
            @Option(
                            names = "--scopes",
                            split = ",",
                            required = true,
                            paramLabel = "SCOPE",
                            description = "localize, pacs, admin; several separated by commas.")
                    Set<Scope> scopes) {
        String key = ApiKey.random();
        ApiKey entry;
        try {
            entry = ApiKey.of(name, scopes, key);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "'%s' cannot be the name of a key: %s".formatted(name, e.getMessage()), e);
        }
        out.printf("key    %s%n", key);
        out.printf("entry  %s%n", new JsonMapper().writeValueAsString(entry));
        out.println("This key is shown only once: the entry has only its hash.");
    }
}
