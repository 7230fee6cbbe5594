// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph.jpeg;

import org.cxrlocalizer.radiograph.pixels.UnreadableImageException;

/** Reads the units of a scan, which are blocks or lossless samples. */
interface JpegUnits {

    /**
     * Reads the next unit.
     *
     * @param block its number among those of the component, of which there are whole interleaved units in a row
     * @throws UnreadableImageException if it is cut short, or the bits are those of no unit
     */
    void read(JpegScan.Part part, int block);

    /** Forgets what was learned of earlier units, as a restart marker has it. */
    void restart();
}
