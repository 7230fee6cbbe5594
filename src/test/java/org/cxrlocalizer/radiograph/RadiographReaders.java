// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.util.unit.DataSize;

/** Readers for tests of other packages. */
public final class RadiographReaders {

    static final RadiographProperties LIMITS = new RadiographProperties(DataSize.ofMegabytes(64), 64_000_000);

    private RadiographReaders() {}

    public static RadiographReader reader() {
        return new RadiographReader(LIMITS, ObservationRegistry.NOOP, new ImageMemory(Long.MAX_VALUE));
    }

    static ReadLimits limits(RadiographProperties properties) {
        return new ReadLimits(properties, new ImageMemory(Long.MAX_VALUE).open());
    }
}
