// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.sql.SQLException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jobrunr.storage.sql.common.DatabaseCreator;
import org.jobrunr.storage.sql.common.DatabaseMigrationsProvider;
import org.jobrunr.storage.sql.common.migrations.SqlMigration;
import org.jobrunr.storage.sql.h2.H2StorageProvider;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.stereotype.Component;

/**
 * The tables of the jobs library, made under the lock of Flyway. The library's own lock is taken after it has looked what is
 * missing (seen with 8.7.0): of nodes that start together on an empty database, one may make again what another has made, and
 * fail.
 */
@Component
@NotOnCommandLine
class JobsTables implements JavaMigration {

    /** Flyway runs what has no version whenever its checksum is another one. */
    @Override
    public @Nullable MigrationVersion getVersion() {
        return null;
    }

    @Override
    public String getDescription() {
        return "tables of the jobs library";
    }

    @Override
    public Integer getChecksum() {
        return new DatabaseMigrationsProvider(PostgresStorageProvider.class)
                .getMigrations()
                .map(SqlMigration::getFileName)
                .sorted()
                .toList()
                .hashCode();
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        DatabaseDriver driver =
                DatabaseDriver.fromJdbcUrl(context.getConnection().getMetaData().getURL());
        new DatabaseCreator(
                        context.getConfiguration().getDataSource(),
                        driver == DatabaseDriver.H2 ? H2StorageProvider.class : PostgresStorageProvider.class)
                .runMigrations();
    }
}
