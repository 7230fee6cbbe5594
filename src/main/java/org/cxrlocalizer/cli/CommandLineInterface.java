package org.cxrlocalizer.cli;

import java.util.Set;
import org.cxrlocalizer.dataset.InvalidDatasetException;
import org.cxrlocalizer.evaluation.EvaluationRefusedException;
import org.cxrlocalizer.localization.UncalibratedLabelException;
import org.cxrlocalizer.model.ModelRefusedException;
import org.cxrlocalizer.model.UnknownMethodException;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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

    /** Runs a command and returns its exit code. */
    public static int run(Class<?> application, String... args) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .profiles("command-line")
                .lazyInitialization(true)
                .logStartupInfo(false)
                .properties("logging.level.root=warn")
                .run()) {
            CommandLine commands = new CommandLine(new CommandLineInterface());
            context.getBeanProvider(BuildProperties.class)
                    .ifAvailable(build -> commands.getCommandSpec().version(build.getVersion()));
            return commands.addSubcommand(context.getBean(ModelsCommand.class))
                    .addSubcommand(context.getBean(KeysCommand.class))
                    .addSubcommand(context.getBean(StatisticsCommand.class))
                    .addSubcommand(context.getBean(EvaluateCommand.class))
                    .addSubcommand(context.getBean(ScoreCommand.class))
                    .addSubcommand(context.getBean(CalibrateCommand.class))
                    // After the commands: it is not for those that are added later.
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setExecutionExceptionHandler((e, commandLine, parsed) -> {
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
