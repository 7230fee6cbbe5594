// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

/** An evaluation that must not run as requested; the message is the reason, for the user. */
public class EvaluationRefusedException extends RuntimeException {

    public EvaluationRefusedException(String message) {
        super(message);
    }
}
