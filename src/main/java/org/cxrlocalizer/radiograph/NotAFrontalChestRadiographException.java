// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.Locale;

/** A DICOM file states that it shows something that no model here was made for. */
public final class NotAFrontalChestRadiographException extends RuntimeException {

    private final Reason reason;
    private final String statement;

    NotAFrontalChestRadiographException(Reason reason, String statement) {
        super(statement + " With force=true it is read all the same.");
        this.reason = reason;
        this.statement = statement;
    }

    /** What is in the way; stable. */
    public enum Reason {
        /** It was made by something else than projection radiography. */
        MODALITY,
        /** It shows another part of the body. */
        BODY_PART,
        /** It is a lateral or oblique view. */
        VIEW,
        /** Its pixels are raw detector data. */
        FOR_PROCESSING;

        /** In lower case with hyphens. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Reason reason() {
        return reason;
    }

    /** What the file states; the message also names the way around it, which not every caller has. */
    public String statement() {
        return statement;
    }
}
