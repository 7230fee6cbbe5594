// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * A connection of which a request's body and its answer keep a {@link Pace}. Tomcat's own time-outs are for each read and write:
 * a byte now and then, be it of a chunk's header, would hold a thread for hours. Tomcat makes an attempt here after each wait.
 */
interface PacedChannel {

    /** Returns the pace of reading. */
    Pace in();

    /** Returns the pace of writing. */
    Pace out();

    /** Starts both for a request. */
    default void startRequest(Duration allowance) {
        in().start(allowance);
        out().start(allowance);
    }

    /** Sets no limits until the next request: a thread waits for nothing meanwhile. */
    default void endRequest() {
        in().stop();
        out().stop();
    }

    /** Makes the channels of an endpoint. */
    static NioChannel create(NioEndpoint endpoint, SocketBufferHandler buffers) {
        return endpoint.isSSLEnabled() ? new Secure(buffers, endpoint) : new Plain(buffers);
    }

    /** Without TLS. */
    final class Plain extends NioChannel implements PacedChannel {

        private final Pace in = new Pace();
        private final Pace out = new Pace();

        Plain(SocketBufferHandler buffers) {
            super(buffers);
        }

        @Override
        public Pace in() {
            return in;
        }

        @Override
        public Pace out() {
            return out;
        }

        @Override
        public void reset(@Nullable SocketChannel channel, NioEndpoint.@Nullable NioSocketWrapper wrapper)
                throws IOException {
            endRequest();
            super.reset(channel, wrapper);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return in.measure(target, super::read);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return out.measure(source, super::write);
        }
    }

    /** A channel with TLS; it counts the bytes within it. */
    final class Secure extends SecureNioChannel implements PacedChannel {

        private final Pace in = new Pace();
        private final Pace out = new Pace();

        Secure(SocketBufferHandler buffers, NioEndpoint endpoint) {
            super(buffers, endpoint);
        }

        @Override
        public Pace in() {
            return in;
        }

        @Override
        public Pace out() {
            return out;
        }

        @Override
        public void reset(@Nullable SocketChannel channel, NioEndpoint.@Nullable NioSocketWrapper wrapper)
                throws IOException {
            endRequest();
            super.reset(channel, wrapper);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return in.measure(target, super::read);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return out.measure(source, super::write);
        }
    }
}
