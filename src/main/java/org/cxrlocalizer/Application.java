package org.cxrlocalizer;

import org.cxrlocalizer.cli.CommandLineInterface;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The entry point of the service, and of the commands where the first argument is one. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Application {

    public static void main(String[] args) {
        if (CommandLineInterface.wants(args)) {
            System.exit(CommandLineInterface.run(Application.class, args));
        }
        SpringApplication.run(Application.class, args);
    }
}
