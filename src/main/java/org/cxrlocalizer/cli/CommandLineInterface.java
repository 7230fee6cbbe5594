package org.cxrlocalizer.cli;

import java.util.Set;
import java.util.function.Supplier;
import org.cxrlocalizer.dataset.InvalidDatasetException;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.cxrlocalizer.evaluation.scoring.ScoringMemory;
import org.cxrlocalizer.inference.ModelLoader;
import org.cxrlocalizer.localization.UncalibratedLabelException;
import org.cxrlocalizer.model.ModelCatalogue;
import org.cxrlocalizer.model.ModelProperties;
import org.cxrlocalizer.model.ModelRefusedException;
import org.cxrlocalizer.model.UnknownMethodException;
import org.cxrlocalizer.radiograph.RadiographReader;
import org.cxrlocalizer.version.ProgramVersion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command line of the jar. It reads the service's configuration, but starts no web server, and creates only the parts
 * that a command needs. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
 */
@Command(
        name = "cxr-localizer",
        description = {
            "Tells where on a chest X-ray a classifier saw a finding. Research software, not a medical device.",
            "Without a command, the service starts; its settings are given as --name=value."
        },
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND")
public final class CommandLineInterface {

    private static final Set<String> HELP = Set.of("-h", "--help", "-V", "--version");

    /** Their messages tell the user all there is to know. */
    private static final Set<Class<? extends RuntimeException>> EXPLAINED = Set.of(
            ModelRefusedException.class,
            InvalidDatasetException.class,
            UnreadableFileException.class,
            EvaluationRefusedException.class,
            UnknownMethodException.class,
            UncalibratedLabelException.class);

    private CommandLineInterface() {}

    /** Whether the arguments are for a command; the service's own begin with two dashes. */
    public static boolean wants(String... args) {
        return args.length > 0 && (!args[0].startsWith("-") || HELP.contains(args[0]));
    }

    /** Runs a command and returns its exit code. Help, the version, and complaints of wrong usage start no part of the service. */
    public static int run(Class<?> application, String... args) {
        ProgramVersion version = ProgramVersion.current();
        try (Parts parts = new Parts(application)) {
            CommandLine commands = new CommandLine(new CommandLineInterface());
            commands.getCommandSpec().version(version.value());
            Supplier<ModelCatalogue> catalogue = parts.of(ModelCatalogue.class);
            Supplier<ModelLoader> loader = parts.of(ModelLoader.class);
            Supplier<ModelProperties> properties = parts.of(ModelProperties.class);
            Supplier<RadiographReader> reader = parts.of(RadiographReader.class);
            Supplier<ScoringMemory> memory = parts.of(ScoringMemory.class);
            return commands.addSubcommand(new ModelsCommand(catalogue, loader))
                    .addSubcommand(new KeysCommand())
                    .addSubcommand(new StatisticsCommand(parts.of(JsonMapper.class)))
                    .addSubcommand(new EvaluateCommand(loader, properties, reader, memory, version))
                    .addSubcommand(new ScoreCommand(memory, version))
                    .addSubcommand(new CalibrateCommand(loader, properties, reader))
                    // After the commands: it is not for those that are added later.
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                        if (e instanceof Parts.ReportedException) {
                            return commandLine.getCommandSpec().exitCodeOnExecutionException();
                        }
                        if (EXPLAINED.stream().noneMatch(type -> type.isInstance(e))) {
                            throw e;
                        }
                        commandLine.getErr().println(e.getMessage());
                        return commandLine.getCommandSpec().exitCodeOnExecutionException();
                    })
                    .execute(args);
        }
    }
}
