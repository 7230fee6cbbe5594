// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.sql.SQLException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;

/** Reports why the database of the jobs cannot be used, in place of a stack trace. */
final class DatabaseFailureAnalyzer implements FailureAnalyzer {

    private static final int H2_IN_USE = 90020;
    private static final String CLASS_CREDENTIALS = "28";
    private static final String CLASS_CONNECTION = "08";
    private static final String NO_SUCH_DATABASE = "3D000";

    private final Environment environment;

    DatabaseFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        SQLException error = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FlywayValidateException invalid) {
                return ofAnotherVersion(invalid);
            }
            if (cause instanceof SQLException deeper) {
                error = deeper;
            }
        }
        return error == null ? null : analysis(error);
    }

    private FailureAnalysis analysis(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (e.getErrorCode() == H2_IN_USE) {
            return new FailureAnalysis(
                    "Another process uses the state directory %s."
                            .formatted(environment.getProperty("evaluation.directory")),
                    "Stop that process, or set STATE_DIRECTORY to another directory.",
                    e);
        }
        if (state.startsWith(CLASS_CREDENTIALS)) {
            return new FailureAnalysis(
                    "The database %s refuses the user '%s' or the password."
                            .formatted(database(), environment.getProperty("spring.datasource.username")),
                    "Set DATABASE_USER and DATABASE_PASSWORD to what the database takes.",
                    e);
        }
        if (state.startsWith(CLASS_CONNECTION) || state.equals(NO_SUCH_DATABASE)) {
            return new FailureAnalysis(
                    "The database %s cannot be reached: %s".formatted(database(), line(e)),
                    "Start the database, or set DATABASE_URL to the address of another one.",
                    e);
        }
        return new FailureAnalysis(
                "The database %s cannot be used: %s".formatted(database(), line(e)),
                "Repair it, or set DATABASE_URL (or STATE_DIRECTORY, for the embedded database) to another one.",
                e);
    }

    private FailureAnalysis ofAnotherVersion(FlywayValidateException e) {
        boolean isNewer = String.valueOf(e.getMessage()).contains("not resolved locally");
        return new FailureAnalysis(
                isNewer
                        ? "The database %s has tables of a newer version of this program.".formatted(database())
                        : "The database %s has other tables than this version makes: %s".formatted(database(), line(e)),
                "Start the version that made them, or set DATABASE_URL (or STATE_DIRECTORY) to another database.",
                e);
    }

    /** Without its parameters, of which a password may be one. */
    private String database() {
        return environment
                .getProperty("spring.datasource.url", "")
                .replaceFirst("[;?].*", "")
                .replaceFirst("//[^/@]*@", "//");
    }

    private static String line(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
