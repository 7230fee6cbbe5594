// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api;

import java.util.regex.Pattern;
import org.cxrlocalizer.api.web.ImageUpload;
import org.cxrlocalizer.dataset.ImageNames;
import org.jspecify.annotations.Nullable;

/** The name of an image in the dataset, as {@code 00000032_037.png}. */
final class ImageIndex {

    static final String PATTERN = "[A-Za-z0-9_-]{1,100}(\\.[A-Za-z0-9]{1,10})?";
    private static final Pattern COMPILED = Pattern.compile(PATTERN);

    private ImageIndex() {}

    /** Returns the released name of an image whose file may have another ending, as {@code 00000032_037.dcm}. */
    static String require(String imageIndex) {
        if (!COMPILED.matcher(imageIndex).matches()) {
            throw new ProblemException(
                    ProblemType.INVALID_IMAGE_INDEX, "An image index is a file name such as 00000032_037.png.");
        }
        return ImageNames.index(imageIndex);
    }

    /** Returns the requested index, else that of the upload's file name where that could be one. Its folders are left out. */
    static @Nullable String of(@Nullable String parameter, ImageUpload upload) {
        if (parameter != null) {
            return require(parameter);
        }
        String path = upload.fileName();
        String fileName =
                path == null ? "" : path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        return COMPILED.matcher(fileName).matches() ? ImageNames.index(fileName) : null;
    }
}
