// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.dataset;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.util.ResourceUtils;

/**
 * A file that a setting names: by its path, or by a Spring resource location as {@code classpath:} and {@code file:}. Spring
 * itself takes a plain path for one in the servlet context.
 */
public record FileSetting(Resource resource) {

    /** Returns the setting of a value. */
    public static FileSetting valueOf(String value) {
        return new FileSetting(
                ResourceUtils.isUrl(value)
                        ? new DefaultResourceLoader().getResource(value)
                        : new FileSystemResource(value));
    }

    /** Returns the file of a setting, or null without one. */
    public static @Nullable Resource resourceOrNull(@Nullable FileSetting setting) {
        return setting == null ? null : setting.resource;
    }

    /**
     * Refuses a setting whose file cannot be read.
     *
     * @throws UnreadableSettingException that names the setting and the file
     */
    public static void requireReadable(String name, @Nullable FileSetting setting) {
        if (setting == null) {
            return;
        }
        Resource file = setting.resource;
        String shown = file instanceof FileSystemResource onDisk ? onDisk.getPath() : file.getDescription();
        if (!file.exists()) {
            throw new UnreadableSettingException(name, shown, "does not exist");
        }
        if (!file.isReadable()) {
            throw new UnreadableSettingException(name, shown, "is not a file that this process can read");
        }
        try {
            file.getInputStream().close();
        } catch (IOException e) {
            throw new UnreadableSettingException(name, shown, "cannot be read (%s)".formatted(e.getMessage()));
        }
    }
}
