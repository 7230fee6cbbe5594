// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.function.Function;
import org.cxrlocalizer.jobs.JobCursor;
import org.jspecify.annotations.Nullable;

/** Which part of a list of jobs is answered, in the query. */
record JobPage(
        @Parameter(description = "How many are listed; 100 by default.", schema = @Schema(type = "integer"))
        @Nullable
        @Min(1)
        @Max(MOST)
        Integer limit,

        @Parameter(
                description = "`next` of the page before; absent for the first.",
                schema = @Schema(type = "string", pattern = JobCursor.PATTERN))
        @Nullable
        String cursor) {

    private static final int MOST = 100;

    /** Returns how many to query: one more than are listed shows whether there is a next page. */
    int queried() {
        return size() + 1;
    }

    private int size() {
        return limit == null ? MOST : limit;
    }

    /** @throws ProblemException if the cursor is none */
    @Nullable
    JobCursor after() {
        try {
            return cursor == null ? null : JobCursor.parse(cursor);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'cursor': %s.".formatted(e.getMessage()));
        }
    }

    /** Returns those of the queried jobs that this page lists. */
    <T> List<T> listed(List<T> found) {
        return found.subList(0, Math.min(size(), found.size()));
    }

    /** Returns the cursor of the next page, or null if there is none. */
    <T> @Nullable String next(List<T> found, Function<T, JobCursor> place) {
        return found.size() <= size()
                ? null
                : place.apply(found.get(size() - 1)).text();
    }
}
