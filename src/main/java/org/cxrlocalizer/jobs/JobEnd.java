// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.jobs;

import java.time.Instant;
import java.util.UUID;

/** One end of a job: a job that is retried ends again. */
public record JobEnd(UUID job, Instant finished) {}
