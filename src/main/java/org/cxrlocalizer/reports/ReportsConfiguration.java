// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.reports;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the labeller of the service, with the user's tables beside the bundled ones. */
@Configuration(proxyBeanMethods = false)
class ReportsConfiguration {

    /** @throws InvalidTableException if a table of the user's cannot be read or used */
    @Bean
    ReportLabeller reportLabeller(ReportsProperties properties) {
        List<OwnWords> own = new ArrayList<>();
        add(own, OwnWords.Kind.LEXICON, properties.lexicon());
        add(own, OwnWords.Kind.RULES, properties.rules());
        return ReportLabeller.read(own.toArray(OwnWords[]::new));
    }

    private static void add(List<OwnWords> own, OwnWords.Kind kind, @Nullable Path file) {
        if (file != null) {
            own.add(OwnWords.read(kind, file.toString(), () -> open(file)));
        }
    }

    private static Reader open(Path file) {
        try {
            return Files.newBufferedReader(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
