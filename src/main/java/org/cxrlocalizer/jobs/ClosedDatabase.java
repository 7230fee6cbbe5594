// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/**
 * Classifies errors after which a connection must be closed, besides those that the pool recognizes. H2 closes its database when a
 * write fails, on a full disk, for example. It opens the database again once the last connection to the closed one is gone. Public
 * for the pool, which {@code application.yaml} gives the name.
 */
public class ClosedDatabase implements SQLExceptionOverride {

    private static final int GENERAL_ERROR = 50000;
    private static final int IO_EXCEPTION = 90031;
    private static final int DATABASE_IS_CLOSED = 90098;
    private static final Set<Integer> CLOSED = Set.of(GENERAL_ERROR, IO_EXCEPTION, DATABASE_IS_CLOSED);

    @java.lang.Override
    public Override adjudicate(SQLException e) {
        return CLOSED.contains(e.getErrorCode()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
