// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 of which each part takes a bounded time, and none but the work on a request holds a thread. Tomcat's own time-outs
 * are for each read and each write, so that a byte now and then keeps a connection, or a thread, for ever.
 *
 * <ul>
 *   <li>A request's head ends within {@link ConnectionProperties#headTimeout()}, or the connection is closed; so does a TLS
 *       handshake.
 *   <li>A body that is read, and an answer, keep a {@link Pace}.
 *   <li>Of a body that nothing reads, at most 2 MB are swallowed, for 2 s, before the connection is closed: its sender can
 *       read the answer. See {@link LingeringHandler}.
 *   <li>While no further connection is accepted, those that wait for their clients are closed after 1 s.
 * </ul>
 *
 * <p>Public, with a constructor of no parameters, for Tomcat, which makes it by its name.
 */
public final class BoundedHttp11Protocol extends Http11NioProtocol {

    private static final Duration SWEEP = Duration.ofMillis(250);

    private final ConnectionStates states = new ConnectionStates();
    private Duration headTimeout = Duration.ofSeconds(10);
    private Duration transferAllowance = Duration.ofSeconds(20);
    private @Nullable ScheduledFuture<?> sweeps;

    public BoundedHttp11Protocol() {
        super(new PacedEndpoint());
        AbstractEndpoint.Handler<NioChannel> handler = new LingeringHandler<>(new ConnectionHandler<>(this), states);
        setHandler(handler);
        getEndpoint().setHandler(handler);
    }

    void setLimits(ConnectionProperties limits) {
        headTimeout = limits.headTimeout();
        transferAllowance = limits.transferAllowance();
    }

    @Override
    protected Processor createProcessor() {
        return new BoundedProcessor(this, getAdapter(), states, transferAllowance);
    }

    @Override
    public void start() throws Exception {
        super.start();
        sweeps = getUtilityExecutor()
                .scheduleWithFixedDelay(this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() throws Exception {
        if (sweeps != null) {
            sweeps.cancel(false);
        }
        super.stop();
    }

    private void sweep() {
        AbstractEndpoint<NioChannel, ?> endpoint = getEndpoint();
        boolean isFull =
                endpoint.getMaxConnections() > 0 && endpoint.getConnectionCount() >= endpoint.getMaxConnections();
        states.sweep(endpoint.getConnections(), headTimeout, isFull);
    }

    private static final class PacedEndpoint extends NioEndpoint {

        @Override
        protected NioChannel createChannel(SocketBufferHandler buffers) {
            return PacedChannel.create(this, buffers);
        }
    }
}
