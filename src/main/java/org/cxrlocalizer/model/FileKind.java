// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.model;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a file is that is no model package, or no part of one, by its first bytes. */
final class FileKind {

    /** How many of the first bytes are looked at. */
    static final int START = 64;

    private static final String LFS = "version https://git-lfs";
    private static final int GZIP = 0x1F8B;
    private static final int PICKLE = 0x80;

    private FileKind() {}

    /** Returns what a file is and a remedy, by its first bytes; empty if they are not known. */
    static Optional<String> of(byte[] bytes) {
        String start = new String(bytes, 0, Math.min(bytes.length, START), StandardCharsets.ISO_8859_1);
        if (bytes.length == 0) {
            return Optional.of("is empty; download it again");
        }
        if (start.startsWith(LFS)) {
            return Optional.of("is a Git LFS pointer and not the file itself; 'git lfs pull' fetches that");
        }
        if (start.strip().startsWith("<")) {
            return Optional.of(
                    "is a web page (HTML or XML) and not the file itself; download it by its direct address");
        }
        int first = bytes[0] & 0xFF;
        if (bytes.length > 1 && ((first << Byte.SIZE) | (bytes[1] & 0xFF)) == GZIP) {
            return Optional.of("is packed with gzip, where a directory or a ZIP archive is needed");
        }
        return first == PICKLE ? Optional.of(checkpoint()) : Optional.empty();
    }

    /** Returns that a file is a checkpoint, with a remedy. */
    static String checkpoint() {
        return "is a file of PyTorch (a checkpoint or TorchScript) and not a model package; models/export/export.py makes one of a checkpoint";
    }
}
