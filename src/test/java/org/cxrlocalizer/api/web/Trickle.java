// SPDX-License-Identifier: Apache-2.0
package org.cxrlocalizer.api.web;

import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sends something on each of its connections ten times a second, until it fails. */
public final class Trickle implements AutoCloseable {

    private final Map<Socket, byte[]> sockets = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    private final Future<?> sending = clock.scheduleWithFixedDelay(this::send, 100, 100, TimeUnit.MILLISECONDS);

    public void add(Socket socket, byte[] piece) {
        sockets.put(socket, piece);
    }

    private void send() {
        sockets.forEach((socket, piece) -> {
            try {
                socket.getOutputStream().write(piece);
            } catch (IOException e) {
                sockets.remove(socket);
            }
        });
    }

    @Override
    public void close() {
        sending.cancel(true);
        clock.shutdownNow();
    }
}
