// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation.scoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.localization.BoxPolicyReader;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The files of a calibration, which become a part of a model package. */
public final class CalibrationFiles {

    private CalibrationFiles() {}

    /**
     * Writes {@code boxes.yaml}, the part of a manifest that holds the policies, and {@code calibration-images.txt}, which
     * goes beside the manifest.
     *
     * @param labels of the model
     */
    public static void write(Calibration calibration, Path directory, List<String> labels) throws IOException {
        Map<String, Object> calibrated = new LinkedHashMap<>();
        labels.forEach(label -> calibrated.put(
                label, BoxPolicyReader.json(calibration.byLabel().getOrDefault(label, calibration.common()))));
        Map<String, Object> boxesOfManifest = new LinkedHashMap<>();
        boxesOfManifest.put(
                "chosenOn",
                "%d patients of BBox_List_2017.csv, %d boxes, %s"
                        .formatted(calibration.patients(), calibration.boxes(), calibration.method()));
        boxesOfManifest.put("imagesSha256", DigestUtils.sha256Hex(String.join("\n", calibration.images())));
        boxesOfManifest.put("default", Map.of("type", "calibrated"));
        boxesOfManifest.put("calibrated", calibrated);
        Files.createDirectories(directory);
        Files.writeString(
                directory.resolve("boxes.yaml"), new YAMLMapper().writeValueAsString(Map.of("boxes", boxesOfManifest)));
        Files.write(directory.resolve("calibration-images.txt"), calibration.images());
    }
}
