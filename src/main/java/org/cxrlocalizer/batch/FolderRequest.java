// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.batch;

import java.nio.file.Path;
import java.util.Set;
import org.cxrlocalizer.radiograph.ReadOptions;
import org.cxrlocalizer.results.ResultOptions;

/**
 * What is to be done with the images of a directory.
 *
 * @param input its subdirectories count
 * @param output where the outputs go, in the same subdirectories
 * @param options of DICOM objects and pictures, and the request to the localizer
 * @param read how the images are read
 * @param threads images at a time
 */
public record FolderRequest(
        Path input, Path output, Set<OutputKind> kinds, ResultOptions options, ReadOptions read, int threads) {

    public FolderRequest {
        kinds = Set.copyOf(kinds);
    }
}
