// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many connections leave descriptors for files, the database and a PACS. Without that, accepting fails for all once a
 * process has no descriptor left.
 */
final class DescriptorLimit {

    private static final int FEWEST = 16;

    private DescriptorLimit() {}

    /** Returns what is configured, or less where the process may not open as many files. */
    static int connections(int configured) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? connections(configured, system.getMaxFileDescriptorCount(), system.getOpenFileDescriptorCount())
                : configured;
    }

    /** A quarter of the limit stays free, besides what is open at the start. */
    static int connections(int configured, long limit, long open) {
        long most = Math.max(FEWEST, limit - limit / 4 - open);
        return (int) Math.min(configured < 0 ? Integer.MAX_VALUE : configured, most);
    }
}
