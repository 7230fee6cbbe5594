// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import java.util.List;

/** Looks at a picture, whatever its file states. */
@FunctionalInterface
interface PictureCheck {

    PictureCheck NONE = radiograph -> List.of();

    /** Returns what makes the picture implausible as an upright frontal chest radiograph; nothing on most. */
    List<String> warnings(Radiograph radiograph);
}
