// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.batch;

import java.util.List;
import java.util.Set;
import org.cxrlocalizer.localization.Localization;
import org.cxrlocalizer.radiograph.Radiograph;
import org.jspecify.annotations.Nullable;

/**
 * The result for one image: a line of the log, and of the summary.
 *
 * @param file its path in the input directory, with slashes
 * @param sha256 of its bytes; null if it cannot be read
 * @param key what its outputs depend on, beside its bytes
 * @param kinds those that are written
 * @param outputs paths in the output directory, with slashes
 * @param content null if it failed
 * @param failure the reason in words; null if it did not fail
 */
record ImageRecord(
        String file,
        @Nullable String sha256,
        String key,
        Set<OutputKind> kinds,
        List<String> outputs,
        @Nullable Content content,
        @Nullable String failure) {

    ImageRecord {
        kinds = Set.copyOf(kinds);
        outputs = List.copyOf(outputs);
    }

    static ImageRecord failed(String file, @Nullable String sha256, String key, String reason) {
        return new ImageRecord(file, sha256, key, Set.of(), List.of(), null, reason);
    }

    /** Whether its outputs are those that the same image and key would give. */
    boolean isOf(String otherSha256, String otherKey) {
        return failure == null && content != null && otherSha256.equals(sha256) && otherKey.equals(key);
    }

    /** What the summary has of an image that was localized. */
    record Content(int width, int height, List<Label> labels, List<String> warnings) {

        Content {
            labels = List.copyOf(labels);
            warnings = List.copyOf(warnings);
        }

        static Content of(Radiograph radiograph, Localization localization) {
            return new Content(
                    radiograph.width(),
                    radiograph.height(),
                    localization.findings().stream()
                            .map(finding -> new Label(finding.label(), finding.probability(), finding.positive()))
                            .toList(),
                    radiograph.warnings());
        }
    }

    /** @param positive null where the model has no cut-off */
    record Label(String name, double probability, @Nullable Boolean positive) {}
}
