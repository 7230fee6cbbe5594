// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.cxrlocalizer.evaluation.DatasetFiles;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import picocli.CommandLine.Option;

/** The dataset's files, as commands that score take them. */
final class DatasetOptions {

    @Option(
            names = "--boxes",
            paramLabel = "FILE",
            description = {
                "The true boxes: BBox_List_2017.csv or a table like it, COCO, or the published lists of VinDr-CXR,",
                "RSNA's challenge, MS-CXR and CheXlocalize. Default: the bundled BBox_List_2017.csv."
            })
    private @Nullable Path boxes;

    @Option(
            names = "--labels",
            paramLabel = "CSV",
            description = "Data_Entry_2017.csv of either release: adds AUC and the like, and subgroups.")
    private @Nullable Path labels;

    @Option(names = "--split", paramLabel = "TXT", description = "Scores only the images that this file lists.")
    private @Nullable Path split;

    DatasetFiles read() throws IOException {
        return read(null);
    }

    /** @param labelMap which labels of the model and of the true boxes mean the same; null if those of the same name do */
    DatasetFiles read(@Nullable Path labelMap) throws IOException {
        return DatasetFiles.read(resource(boxes), resource(labels), resource(split), resource(labelMap));
    }

    private static @Nullable Resource resource(@Nullable Path file) {
        return file == null ? null : new FileSystemResource(file);
    }
}
