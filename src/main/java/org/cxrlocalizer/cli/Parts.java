// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The parts of the service that commands use. They are made when a command first needs one: help needs none. */
final class Parts implements AutoCloseable {

    private final Class<?> application;
    private final String[] settings;
    private @Nullable ConfigurableApplicationContext context;

    /** @param settings as the service's command line has them */
    Parts(Class<?> application, String... settings) {
        this.application = application;
        this.settings = settings.clone();
    }

    /** Returns a part on demand. */
    <T> Supplier<T> of(Class<T> type) {
        return () -> context().getBean(type);
    }

    private ConfigurableApplicationContext context() {
        ConfigurableApplicationContext started = context;
        if (started == null) {
            try {
                started = new SpringApplicationBuilder(application)
                        .web(WebApplicationType.NONE)
                        .profiles("command-line")
                        .lazyInitialization(true)
                        .logStartupInfo(false)
                        .properties("logging.level.root=warn")
                        .run(settings);
            } catch (RuntimeException e) {
                throw new ReportedException(e);
            }
            context = started;
        }
        return started;
    }

    @Override
    public void close() {
        if (context != null) {
            context.close();
        }
    }

    /** The start failed, and Spring Boot has printed the reason. */
    static final class ReportedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        ReportedException(RuntimeException cause) {
            super(cause);
        }
    }
}
