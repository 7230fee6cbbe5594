// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.inference;

/** The device of a worker gives no answer any more, whatever the image. */
final class DeviceLostException extends RuntimeException {

    DeviceLostException(RuntimeException cause) {
        super("the device is lost", cause);
    }
}
