// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.cxrlocalizer.dataset.InvalidDatasetException;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.cxrlocalizer.inference.ModelLoader;
import org.cxrlocalizer.localization.UncalibratedLabelException;
import org.cxrlocalizer.localization.UnfitPolicyException;
import org.cxrlocalizer.model.ModelCatalogue;
import org.cxrlocalizer.model.ModelProperties;
import org.cxrlocalizer.model.ModelRefusedException;
import org.cxrlocalizer.model.UnknownMethodException;
import org.cxrlocalizer.model.UnknownOperatingPointException;
import org.cxrlocalizer.radiograph.ImageMemory;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.reports.ReportLabeller;
import org.cxrlocalizer.reports.tables.InvalidReportTableException;
import org.cxrlocalizer.results.ResultObjects;
import org.cxrlocalizer.version.ProgramVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command line of the jar. It reads the service's configuration, but starts no web server, and creates only the parts
 * that a command needs. Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 done
 * except for images that failed.
 */
@Command(
        name = "cxr-localizer",
        description = {
            "Localizes findings on chest X-rays, and scores the boxes. Research software, not a medical device.",
            "Without a command, the service starts; its settings are given as --name=value, and commands take them, too."
        },
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND")
public final class CommandLineInterface {

    /** A setting of the service, as {@code --model.directory=DIR}; options of commands have no dot. */
    private static final Pattern SETTING = Pattern.compile("--[A-Za-z][\\w-]*(\\.[\\w\\[\\]-]+)+=(?s:.*)");

    private static final Set<String> HELP = Set.of("-h", "--help", "-V", "--version");

    /** Exceptions that are printed by their message alone. */
    private static final Set<Class<? extends RuntimeException>> EXPLAINED = Set.of(
            ModelRefusedException.class,
            InvalidDatasetException.class,
            UnreadableFileException.class,
            EvaluationRefusedException.class,
            UnknownMethodException.class,
            UnknownOperatingPointException.class,
            UncalibratedLabelException.class,
            UnfitPolicyException.class,
            InvalidReportTableException.class);

    private CommandLineInterface() {}

    /** Whether the arguments are for a command: it is the first that is no setting. The service's own begin with two dashes. */
    public static boolean wants(String... args) {
        return Arrays.stream(args)
                .filter(SETTING.asMatchPredicate().negate())
                .findFirst()
                .filter(first -> !first.startsWith("-") || HELP.contains(first))
                .isPresent();
    }

    /** Runs a command and returns its exit code. Help, the version, and complaints of wrong usage start no part of the service. */
    public static int run(Class<?> application, String... args) {
        String[] settings =
                Arrays.stream(args).filter(SETTING.asMatchPredicate()).toArray(String[]::new);
        try (Parts parts = new Parts(application, settings)) {
            return commands(parts)
                    .execute(Arrays.stream(args)
                            .filter(SETTING.asMatchPredicate().negate())
                            .toArray(String[]::new));
        }
    }

    /** Returns all commands with their options. The parts are made when a command needs them. */
    static CommandLine commands(Parts parts) {
        ProgramVersion version = ProgramVersion.current();
        CommandLine commands = new CommandLine(new CommandLineInterface());
        commands.getCommandSpec().version(version.value());
        Supplier<ModelCatalogue> catalogue = parts.of(ModelCatalogue.class);
        Supplier<ModelLoader> loader = parts.of(ModelLoader.class);
        Supplier<ModelProperties> properties = parts.of(ModelProperties.class);
        Supplier<RadiographReader> reader = parts.of(RadiographReader.class);
        Supplier<ScoringMemory> memory = parts.of(ScoringMemory.class);
        Supplier<ReportLabeller> labeller = parts.of(ReportLabeller.class);
        return commands.addSubcommand(new ModelsCommand(catalogue, loader))
                .addSubcommand(new KeysCommand())
                .addSubcommand(new StatisticsCommand(parts.of(JsonMapper.class)))
                .addSubcommand(new LocalizeCommand(
                        loader,
                        properties,
                        reader,
                        parts.of(ImageMemory.class),
                        parts.of(ResultObjects.class),
                        parts.of(JsonMapper.class),
                        version))
                .addSubcommand(new EvaluateCommand(loader, properties, reader, memory, labeller, version))
                .addSubcommand(new ScoreCommand(memory, version))
                .addSubcommand(new CalibrateCommand(loader, properties, reader))
                .addSubcommand(new LabelReportsCommand(labeller))
                // After the commands: it is not for those that are added later.
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    if (e instanceof Parts.ReportedException) {
                        return commandLine.getCommandSpec().exitCodeOnExecutionException();
                    }
                    if (e instanceof IOException io) {
                        commandLine.getErr().println(new UnreadableFileException(io).getMessage());
                    } else if (EXPLAINED.stream().anyMatch(type -> type.isInstance(e))) {
                        commandLine.getErr().println(e.getMessage());
                    } else {
                        throw e;
                    }
                    return commandLine.getCommandSpec().exitCodeOnExecutionException();
                });
    }
}
