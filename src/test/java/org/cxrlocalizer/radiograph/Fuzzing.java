// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

/** Where Jazzer comes in: the target is named by the system property {@code fuzz.target}. */
public final class Fuzzing {

    private static final FuzzTarget TARGET = FuzzTarget.valueOf(System.getProperty("fuzz.target", "DICOM"));

    private Fuzzing() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        TARGET.decodes(bytes);
    }
}
