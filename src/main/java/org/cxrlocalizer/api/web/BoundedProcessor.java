// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.coyote.Adapter;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.cxrlocalizer.api.web.ConnectionState.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of a connection. A thread reads no body for its own sake: a connection whose request's body was not read
 * is closed after the answer, and what is left is read without a thread (see {@link BoundedHttp11Protocol}).
 */
final class BoundedProcessor extends Http11Processor {

    /** Enough for the end of a chunked body that has come already, or is just behind. */
    private static final Duration END_OF_CHUNKS = Duration.ofMillis(100);

    private static final int MOST_OF_END = 1 << 16;

    private final ConnectionStates states;
    private final Duration transferAllowance;
    private final Adapter paced = new PacedAdapter();

    BoundedProcessor(
            BoundedHttp11Protocol protocol, Adapter adapter, ConnectionStates states, Duration transferAllowance) {
        super(protocol, adapter);
        this.states = states;
        this.transferAllowance = transferAllowance;
    }

    @Override
    public Adapter getAdapter() {
        return paced;
    }

    @Override
    public SocketState service(SocketWrapperBase<?> connection) throws IOException {
        ConnectionState before = states.set(connection, ConnectionState.now(Kind.BUSY));
        int answered = request.getRequestProcessor().getRequestCount();
        SocketState after = super.service(connection);
        boolean isAnother = request.getRequestProcessor().getRequestCount() != answered;
        states.set(connection, state(before, after, isAnother));
        return after;
    }

    private ConnectionState state(ConnectionState before, SocketState after, boolean isAnother) {
        boolean hasBytes = request.getStartTimeNanos() != -1;
        return switch (after) {
            case LONG -> isAsync() ? ConnectionState.now(Kind.BUSY) : head(before, isAnother);
            case OPEN -> {
                if (isAnother) {
                    yield ConnectionState.now(Kind.IDLE);
                }
                // Line ends before a request are none of a head to Tomcat.
                yield hasBytes || before.kind() == Kind.HEAD ? head(before, false) : before.orNow(Kind.IDLE);
            }
            case CLOSED -> ConnectionState.now(getErrorState() == ErrorState.CLOSE_CLEAN ? Kind.CLOSING : Kind.BUSY);
            default -> ConnectionState.now(Kind.BUSY);
        };
    }

    private static ConnectionState head(ConnectionState before, boolean isAnother) {
        return isAnother ? ConnectionState.now(Kind.HEAD) : before.orNow(Kind.HEAD);
    }

    /** After the answer was written. */
    private void endBody() {
        if (isRequestBodyFullyRead() || !getErrorState().isIoAllowed()) {
            return;
        }
        if (!hasReadEndOfChunks()) {
            setErrorState(ErrorState.CLOSE_CLEAN, null);
        }
    }

    /**
     * Reads the end of a chunked body, which a handler that stops at the end of its JSON leaves behind. A body of a known length
     * needs no such thing: Tomcat has announced the end of the connection with the answer.
     */
    private boolean hasReadEndOfChunks() {
        SocketWrapperBase<?> connection = socketWrapper;
        if (request.getContentLengthLong() >= 0
                || request.hasExpectation()
                || !(connection.getSocket() instanceof PacedChannel channel)) {
            return false;
        }
        long timeout = connection.getReadTimeout();
        connection.setReadTimeout(END_OF_CHUNKS.toMillis());
        channel.in().startStrict(END_OF_CHUNKS);
        try {
            Ignored ignored = new Ignored();
            for (int read = 0; read < MOST_OF_END; read += ignored.length()) {
                if (request.doRead(ignored) < 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // gone, or not there yet; it was answered
        } finally {
            connection.setReadTimeout(timeout);
        }
    }

    /** The servlet container, within the pace. */
    private final class PacedAdapter implements Adapter {

        @Override
        public void service(Request request, Response response) throws Exception {
            PacedChannel channel = socketWrapper.getSocket() instanceof PacedChannel paced ? paced : null;
            if (channel != null) {
                channel.startRequest(transferAllowance);
                // Of each write; there is no attempt, and so no pace, where a client takes nothing at all.
                socketWrapper.setWriteTimeout(transferAllowance.toMillis());
            }
            adapter.service(request, response);
            if (!isAsync()) {
                endBody();
                if (channel != null) {
                    channel.endRequest();
                }
            }
        }

        @Override
        public boolean prepare(Request request, Response response) throws Exception {
            return adapter.prepare(request, response);
        }

        @Override
        public boolean asyncDispatch(Request request, Response response, SocketEvent event) throws Exception {
            return adapter.asyncDispatch(request, response, event);
        }

        @Override
        public void log(Request request, Response response, long time) {
            adapter.log(request, response, time);
        }

        @Override
        public void checkRecycled(Request request, Response response) {
            adapter.checkRecycled(request, response);
        }

        @Override
        public String getDomain() {
            return adapter.getDomain();
        }
    }

    /** Discards bytes. */
    private static final class Ignored implements ApplicationBufferHandler {

        private @Nullable ByteBuffer bytes;

        int length() {
            return bytes == null ? 0 : bytes.remaining();
        }

        @Override
        public void setByteBuffer(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public @Nullable ByteBuffer getByteBuffer() {
            return bytes;
        }

        @Override
        public void expand(int size) {}
    }
}
