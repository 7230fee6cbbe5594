// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.evaluation;

/** A case of a report cannot be drawn; the message is the reason, without the name of a path. */
final class NoPictureException extends Exception {

    NoPictureException(String reason) {
        super(reason);
    }
}
