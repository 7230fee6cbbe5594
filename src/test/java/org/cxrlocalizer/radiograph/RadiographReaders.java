package org.cxrlocalizer.radiograph;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.springframework.util.unit.DataSize;

/** Readers for tests of other packages. */
public final class RadiographReaders {

    private RadiographReaders() {}

    public static RadiographReader reader() {
        return new RadiographReader(
                new RadiographProperties(DataSize.ofMegabytes(64), 64_000_000), new SimpleMeterRegistry());
    }
}
