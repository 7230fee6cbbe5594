// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

/** What surrounds a scoring: the job that it belongs to. */
public interface ScoringGuard {

    /** The guard of a scoring that is not a job. */
    ScoringGuard NONE = new ScoringGuard() {};

    /** Returns whether the evaluation is still open; checked while it waits for memory. */
    default boolean isOpen() {
        return true;
    }

    /** Called once there is memory, before any of it is used. */
    default void begins() {}

    /** Called after the scoring, whether or not it succeeded; not called if it ended the process. */
    default void ended() {}
}
