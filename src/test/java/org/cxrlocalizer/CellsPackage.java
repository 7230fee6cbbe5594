// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A small model package with a method that was fitted on boxes: maps of 5 columns and 8 rows of probabilities beside cam's 4 × 4.
 * It is one of the networks that models/tools/golden.py makes.
 */
public final class CellsPackage {

    public static final String NAME = "cells";

    /** Of the patient of a sample with a true box. */
    private static final String FITTED_ON = "00022215_000.png";

    private CellsPackage() {}

    /**
     * Writes the package into a directory of models.
     *
     * @param more keys of the manifest
     * @return the package's directory
     */
    public static Path write(Path models, String more) {
        try {
            Path made = Files.createDirectories(models.resolve(NAME));
            byte[] network = Samples.content("fixtures/cells.pt");
            Files.write(made.resolve("model.pt"), network);
            Files.writeString(made.resolve("README.md"), "# A fixture");
            Files.writeString(made.resolve("calibration-images.txt"), FITTED_ON + "\n");
            Files.writeString(
                    made.resolve("model.yaml"),
                    """
                    formatVersion: 1
                    name: cells
                    version: 1.0.0
                    licence: Apache-2.0
                    source: models/tools/golden.py
                    sha256: %s
                    labels: [Cardiomegaly, Pneumonia]
                    activation: sigmoid
                    input: {size: 16, channels: 1, resize: stretch}
                    methods:
                      default: calibrated
                      available:
                        - {name: cam, function: forward, sumsToLogit: true}
                        - {name: calibrated, function: calibrated, sumsToLogit: false, supervision: boxes}
                    bias: [0.5, -1.0]
                    boxes:
                      chosenOn: one image
                      imagesSha256: %s
                      default: {type: calibrated}
                      calibrated:
                        Cardiomegaly: {type: expected-iou}
                        Pneumonia: {type: expected-iou}
                    """.formatted(DigestUtils.sha256Hex(network), DigestUtils.sha256Hex(FITTED_ON)) + more);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
