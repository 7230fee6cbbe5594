// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Work of one kind that waits, for all nodes together.
 *
 * @param meter the name of its gauge
 * @param count may throw a {@link org.springframework.dao.DataAccessException} while the database is away
 */
public record Backlog(
        String meter, String description, @Nullable String unit, LongSupplier count) {}
