package org.cxrlocalizer;

import org.cxrlocalizer.cli.CommandLineInterface;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/** The entry point of the service, and of the commands where the first argument is one. */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
@ConfigurationPropertiesScan
public class Application {

    public static void main(String[] args) {
        ExitOnOutOfMemory.install();
        if (CommandLineInterface.wants(args)) {
            System.exit(CommandLineInterface.run(Application.class, args));
        }
        SpringApplication.run(Application.class, args);
    }
}
