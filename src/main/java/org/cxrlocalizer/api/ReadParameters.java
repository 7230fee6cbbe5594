// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import org.cxrlocalizer.api.web.ImageUpload;
import org.cxrlocalizer.radiograph.ReadOptions;
import org.jspecify.annotations.Nullable;

/** How a DICOM file is to be read, in the query or as multipart fields. */
record ReadParameters(
        @Parameter(
                description = "Which frame of a multi-frame DICOM file is read, from 1.",
                schema = @Schema(type = "integer", format = "int32", minimum = "1", defaultValue = "1"))
        @Nullable
        Integer frame,

        @Parameter(
                description =
                        "Whether a DICOM file that states that it is not a frontal chest radiograph is read anyway,"
                                + " with a warning.",
                schema = @Schema(type = "boolean", defaultValue = "false"))
        @Nullable
        Boolean force) {

    ReadOptions toOptions(ImageUpload upload) {
        int wanted = frame == null ? 1 : frame;
        if (wanted < 1) {
            throw new ProblemException(ProblemType.INVALID_PARAMETER, "'frame' must be at least 1.");
        }
        return new ReadOptions(upload.declaredAsDicom(), wanted, force != null && force);
    }
}
