// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection on which a client may still be sending so that it can read its answer: closed at once, the connection is
 * reset, and the answer may be lost with it. The sending half is closed, and what comes is discarded, up to 2 MB; after that
 * nothing is read until {@link ConnectionStates#LINGER} is over. A thread is held for what has come already, never for more.
 */
final class LingeringHandler<S extends NioChannel> implements AbstractEndpoint.Handler<S> {

    private static final int MOST_SWALLOWED = 2_000_000;
    private static final int BLOCK = 1 << 14;

    private final AbstractEndpoint.Handler<S> requests;
    private final ConnectionStates states;
    private final Map<SocketWrapperBase<S>, Integer> swallowed = new ConcurrentHashMap<>();

    LingeringHandler(AbstractEndpoint.Handler<S> requests, ConnectionStates states) {
        this.requests = requests;
        this.states = states;
    }

    @Override
    public SocketState process(SocketWrapperBase<S> connection, SocketEvent event) {
        if (states.isClosing(connection)) {
            return event == SocketEvent.OPEN_READ ? swallow(connection) : SocketState.CLOSED;
        }
        SocketState state = requests.process(connection, event);
        if (state != SocketState.CLOSED || !states.isClosing(connection)) {
            return state;
        }
        try {
            closeSendingHalf(connection.getSocket());
        } catch (IOException e) {
            return SocketState.CLOSED;
        }
        return swallow(connection);
    }

    /** TLS has no such half that all clients take for an orderly end; they have the length of the answer. */
    private static void closeSendingHalf(NioChannel channel) throws IOException {
        if (!(channel instanceof SecureNioChannel) && channel.getIOChannel() != null) {
            channel.getIOChannel().shutdownOutput();
        }
    }

    private SocketState swallow(SocketWrapperBase<S> connection) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        int total = swallowed.getOrDefault(connection, 0);
        try {
            for (int read = 1; read > 0 && total < MOST_SWALLOWED; total += Math.max(0, read)) {
                block.clear();
                read = connection.read(false, block);
                if (read < 0) {
                    return SocketState.CLOSED;
                }
            }
        } catch (IOException e) {
            return SocketState.CLOSED; // its end, too, is an exception
        }
        swallowed.put(connection, total);
        if (total < MOST_SWALLOWED) {
            connection.registerReadInterest();
        }
        return SocketState.LONG;
    }

    @Override
    public void release(SocketWrapperBase<S> connection) {
        states.remove(connection);
        swallowed.remove(connection);
        requests.release(connection);
    }

    @Override
    public @Nullable Object getGlobal() {
        return requests.getGlobal();
    }

    @Override
    public void pause() {
        requests.pause();
    }

    @Override
    public void recycle() {
        requests.recycle();
    }
}
