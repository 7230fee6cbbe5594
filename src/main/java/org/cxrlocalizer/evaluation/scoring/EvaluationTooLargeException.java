// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

/** An evaluation whose scoring needs more memory than scorings may take. */
public final class EvaluationTooLargeException extends EvaluationRefusedException {

    private static final long MEGABYTE = 1 << 20;

    private final long estimate;
    private final long limit;

    EvaluationTooLargeException(ScoringSize size, long limit) {
        super(
                "Scoring %s needs about %d MB of memory, and %d MB is the limit of this process. Fewer systems, draws, images or boxes need less; a larger heap (-Xmx) or evaluation.memory raises the limit."
                        .formatted(size, (size.bytes() + MEGABYTE - 1) / MEGABYTE, limit / MEGABYTE));
        estimate = size.bytes();
        this.limit = limit;
    }

    /** Returns the memory that the scoring needs, in bytes. */
    public long estimate() {
        return estimate;
    }

    /** Returns the memory that scorings may take, in bytes. */
    public long limit() {
        return limit;
    }
}
