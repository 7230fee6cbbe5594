// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.radiograph;

/**
 * What a caller states of an image, besides its bytes.
 *
 * @param declaredAsDicom whether it was sent as {@code application/dicom}: a bare data set has no signature
 * @param frame which frame of a multi-frame image is wanted, from 1
 * @param force whether an image that states that it is no frontal chest radiograph is read all the same
 */
public record ReadOptions(boolean declaredAsDicom, int frame, boolean force) {

    public static final ReadOptions DEFAULT = new ReadOptions(false, 1, false);

    public ReadOptions {
        if (frame < 1) {
            throw new IllegalArgumentException("frames are counted from 1");
        }
    }
}
