// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.version;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The version of this program, as reports, DICOM objects and the command line state it.
 *
 * @param value as of the build, or {@code development} where no build has left one, as in an IDE
 */
public record ProgramVersion(String value) {

    private static final String OF_THE_BUILD = "/META-INF/build-info.properties";
    private static final String OF_NO_BUILD = "development";

    /** Returns the version of the running program. */
    public static ProgramVersion current() {
        String built = built(OF_THE_BUILD);
        String packaged = ProgramVersion.class.getPackage().getImplementationVersion();
        return new ProgramVersion(built != null ? built : packaged != null ? packaged : OF_NO_BUILD);
    }

    private static @Nullable String built(String resource) {
        try (InputStream in = ProgramVersion.class.getResourceAsStream(resource)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("build.version");
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
