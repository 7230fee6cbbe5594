// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

/** How to treat an existing predictions file. */
public enum ResumeMode {
    /** Refuses the run. */
    REFUSE,
    /** Continues with its predictions, or refuses the run if they depend on anything else. */
    CONTINUE
}
