// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.jobs;

import java.io.IOException;

/** The state directory has no room for an upload, or cannot be written. */
public final class UploadNotWrittenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UploadNotWrittenException(IOException cause) {
        super("The service has no room for the upload.", cause);
    }
}
