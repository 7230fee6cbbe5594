// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.batch;

import java.util.List;

/**
 * The result of localizing a directory.
 *
 * @param localized number of images localized in this run
 * @param complete number of images whose outputs an earlier run had written
 * @param failed images without outputs, each with its reason
 * @param leftOut lines about the files that are no images
 */
public record FolderResult(int localized, int complete, List<Failure> failed, List<String> leftOut) {

    /** An image without outputs. */
    public record Failure(String file, String reason) {}

    public FolderResult {
        failed = List.copyOf(failed);
        leftOut = List.copyOf(leftOut);
    }
}
