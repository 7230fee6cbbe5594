// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The file of keys of a service that is tested. */
public final class KeyFile {

    private KeyFile() {}

    /** Writes the keys into {@code keys.json}, in place of what is there. */
    public static Path write(Path folder, List<ApiKey> keys) {
        try {
            return Files.writeString(folder.resolve("keys.json"), new JsonMapper().writeValueAsString(keys));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
