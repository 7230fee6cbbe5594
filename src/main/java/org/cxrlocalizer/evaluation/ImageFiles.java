// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.cxrlocalizer.evaluation.scoring.EvaluationRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * The image files of a run, for localizing and for the pictures of a report alike.
 *
 * @param roots directories that files must lie in, whatever links lead there; empty for anywhere
 * @param maxBytes largest file
 */
public record ImageFiles(List<Path> roots, long maxBytes) {

    /**
     * Reads the file of one image.
     *
     * @param files those that bear its name
     * @throws EvaluationRefusedException if it is not one regular file in the allowed directories, or is too large
     */
    public byte[] read(List<Path> files) throws IOException {
        if (files.size() != 1) {
            throw new EvaluationRefusedException("there are %d files of this name".formatted(files.size()));
        }
        Path real = files.get(0).toRealPath();
        requireInRoots(real);
        if (!Files.isRegularFile(real)) {
            throw new EvaluationRefusedException("it is not a regular file");
        }
        requireSize(Files.size(real));
        try (InputStream in = Files.newInputStream(real)) {
            // One byte more than is allowed: a file may grow after its size was read.
            byte[] bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - Long.BYTES, maxBytes + 1));
            requireSize(bytes.length);
            return bytes;
        }
    }

    private void requireSize(long bytes) {
        if (bytes > maxBytes) {
            throw new EvaluationRefusedException(
                    "it has more than the %d bytes that an image may have".formatted(maxBytes));
        }
    }

    /** Returns the SHA-256 of the file of one image; null if it cannot be read. */
    @Nullable
    String sha256(List<Path> files) {
        try {
            return DigestUtils.sha256Hex(read(files));
        } catch (IOException | EvaluationRefusedException e) {
            return null;
        }
    }

    private void requireInRoots(Path real) throws IOException {
        for (Path root : roots) {
            if (real.startsWith(root.toRealPath())) {
                return;
            }
        }
        if (!roots.isEmpty()) {
            throw new EvaluationRefusedException("it is a link out of the directories that are allowed");
        }
    }
}
