// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

/**
 * What a connection is at.
 *
 * @param since {@link System#nanoTime()}
 */
record ConnectionState(Kind kind, long since) {

    enum Kind {
        /** The head of a request is awaited, or the TLS handshake before it. */
        HEAD,
        /** A request was answered, and no byte of another one has come. */
        IDLE,
        /** A request is being answered. */
        BUSY,
        /** The last answer was written, and what is left of the request is read for a short while. */
        CLOSING
    }

    static ConnectionState now(Kind kind) {
        return new ConnectionState(kind, System.nanoTime());
    }

    /** Returns this state if it is of the kind already, or a new one. */
    ConnectionState orNow(Kind kind) {
        return this.kind == kind ? this : now(kind);
    }
}
