// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import org.apache.coyote.Processor;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.cxrlocalizer.api.web.ConnectionState.Kind;
import org.jspecify.annotations.Nullable;

/** The states of the open connections. A sweep ends those that are in one for too long; none of them holds a thread. */
final class ConnectionStates {

    /** Time that a connection stays open after its last answer. */
    static final Duration LINGER = Duration.ofSeconds(2);

    /** Time limit of waiting connections while no other is accepted. */
    private static final Duration WHILE_FULL = Duration.ofSeconds(1);

    private final Map<SocketWrapperBase<?>, ConnectionState> states = new ConcurrentHashMap<>();

    /** Returns the state before; a connection that was not yet seen awaits its first head. */
    ConnectionState set(SocketWrapperBase<?> connection, ConnectionState state) {
        ConnectionState before = states.put(connection, state);
        return before == null ? ConnectionState.now(Kind.HEAD) : before;
    }

    boolean isClosing(SocketWrapperBase<?> connection) {
        ConnectionState state = states.get(connection);
        return state != null && state.kind() == Kind.CLOSING;
    }

    void remove(SocketWrapperBase<?> connection) {
        states.remove(connection);
    }

    /**
     * Closes what is late.
     *
     * @param open the connections that there are; those without a state await their first head from now on
     * @param isFull whether no further connection is accepted until one ends
     */
    void sweep(Collection<? extends SocketWrapperBase<?>> open, Duration headTimeout, boolean isFull) {
        open.forEach(connection -> states.putIfAbsent(connection, ConnectionState.now(Kind.HEAD)));
        long now = System.nanoTime();
        states.forEach((connection, state) -> {
            Duration limit = limit(state.kind(), headTimeout, isFull);
            if (connection.isClosed()) {
                states.remove(connection);
            } else if (limit != null && now - state.since() > limit.toNanos()) {
                close(connection, state);
            }
        });
    }

    /** Tomcat's own time-outs end idle connections. */
    private static @Nullable Duration limit(Kind kind, Duration headTimeout, boolean isFull) {
        Duration limit =
                switch (kind) {
                    case HEAD -> headTimeout;
                    case CLOSING -> LINGER;
                    case IDLE -> isFull ? WHILE_FULL : null;
                    case BUSY -> null;
                };
        return limit != null && isFull && limit.compareTo(WHILE_FULL) > 0 ? WHILE_FULL : limit;
    }

    /** Under Tomcat's lock of the connection; where a thread has it, something has come, and the next sweep looks again. */
    private void close(SocketWrapperBase<?> connection, ConnectionState state) {
        Lock lock = connection.getLock();
        if ((state.kind() != Kind.CLOSING && isAwaitingThread(connection)) || !lock.tryLock()) {
            return;
        }
        try {
            if (isUpgraded(connection)) {
                states.replace(connection, state, ConnectionState.now(Kind.BUSY));
            } else if (states.remove(connection, state)) {
                connection.close();
                release(connection);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A selector keeps the descriptor of a closed channel until it selects again, which may be a second later. */
    private static void release(SocketWrapperBase<?> connection) {
        if (connection instanceof NioSocketWrapper socket) {
            socket.getPoller().getSelector().wakeup();
        }
    }

    /** Something has come, and the poller looks for no more of it until a thread has taken it: the client is not late. */
    private static boolean isAwaitingThread(SocketWrapperBase<?> connection) {
        return connection instanceof NioSocketWrapper socket && socket.interestOps() == 0;
    }

    /** HTTP/2, where it is switched on, has time-outs of its own. */
    private static boolean isUpgraded(SocketWrapperBase<?> connection) {
        return connection.getCurrentProcessor() instanceof Processor processor && processor.isUpgrade();
    }
}
