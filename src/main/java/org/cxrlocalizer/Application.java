// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.util.Locale;
import org.cxrlocalizer.cli.CommandLineInterface;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/** The entry point of the service, and of the commands where the first argument is one. */
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
@ConfigurationPropertiesScan
public class Application {

    /**
     * Runs in the neutral locale, whatever the machine's: libraries (JobRunr 8.7.0, for one) change the case of names by the
     * default locale, which turns an i into a dotted I in Turkish and Azeri. Messages and numbers are English on each machine.
     */
    public static void main(String[] args) {
        Locale.setDefault(Locale.ROOT);
        ExitOnOutOfMemory.install();
        if (CommandLineInterface.wants(args)) {
            System.exit(CommandLineInterface.run(Application.class, args));
        }
        SpringApplication.run(Application.class, args);
    }
}
